using System.Globalization;
using System.Net;
using Circuit.Shop;
using ThriftBreaker;

namespace Web;

/// <summary>What a visitor of the shop sees, whatever is broken behind it; and buttons that break it.</summary>
internal static class FrontPage
{
    public static void MapFrontPage(this IEndpointRouteBuilder app) => app.MapGet("/", ShowAsync);

    private static async Task<IResult> ShowAsync(Catalog.IAsync catalog, Recommendations.IAsync recommendations, Backends backends, CancellationToken cancellationToken)
    {
        var products = AskAsync(catalog.products(cancellationToken));
        var stock = AskAsync(catalog.stock(["tea-1", "tea-2", "pot-1", "cup-1"], cancellationToken));
        var advice = AskAsync(recommendations.suggest("tea-1", cancellationToken));
        return Results.Content(Html(await products, await stock, await advice, backends), "text/html; charset=utf-8");
    }

    /// <summary>The answer, or why there is none.</summary>
    private static async Task<(T? Answer, string Trouble)> AskAsync<T>(Task<T> call)
        where T : class
    {
        try
        {
            return (await call, "");
        }
        catch (CircuitOpenException rejection)
        {
            return (null, string.Create(CultureInfo.InvariantCulture, $"Not asked: the circuit is open, the next try is admitted in {rejection.RetryAfter?.TotalSeconds:0.0} s."));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return (null, $"Asked in vain: {failure.GetType().Name}.");
        }
    }

    private static string Html(
        (List<Product>? Answer, string Trouble) products, (Dictionary<string, int>? Answer, string Trouble) stock, (Advice? Answer, string Trouble) advice, Backends backends) => $$"""
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="refresh" content="2">
        <title>A tea shop</title>
        <style>
          body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; }
          form { display: inline; }
          .trouble { color: light-dark(#a40e26, #ff7b72); }
        </style>
        <h1>A tea shop</h1>
        <h2>Products</h2>
        {{(products.Answer is { } sold ? List(sold.Select(product => Line(product, stock.Answer))) : Trouble(products.Trouble))}}
        <h2>{{Text(advice.Answer?.Title ?? "For you")}}</h2>
        {{(advice.Answer?.Skus is { } found ? List(found.Select(sku => NameOf(sku, products.Answer))) : Trouble(advice.Trouble))}}
        <h2>Behind it</h2>
        <p>{{Button("catalog", backends.Catalog)}} {{Button("recommendations", backends.Recommendations)}}</p>
        <p><a href="/breakers">The circuits</a> · <a href="/health">health</a> · <a href="/metrics">metrics</a></p>
        </html>
        """;

    /// <summary>A product that nobody knows the stock of is sold all the same.</summary>
    private static string Line(Product product, Dictionary<string, int>? stock) => string.Create(
        CultureInfo.InvariantCulture, $"{product.Name}, {product.Cents / 100m:0.00} €{(stock?.TryGetValue(product.Sku, out var left) == true ? $", {left} in stock" : "")}");

    private static string NameOf(string sku, List<Product>? products) => products?.Find(product => product.Sku == sku)?.Name ?? sku;

    private static string List(IEnumerable<string> lines) => $"<ul>{string.Concat(lines.Select(static line => $"<li>{Text(line)}</li>"))}</ul>";

    private static string Trouble(string text) => $"""<p class="trouble">{Text(text)}</p>""";

    private static string Button(string name, Backend backend)
        => $"""<form method="post" action="/backends/{name}/{(backend.IsBroken ? "heal" : "break")}"><button>{(backend.IsBroken ? "Heal" : "Break")} the {name}</button></form>""";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
