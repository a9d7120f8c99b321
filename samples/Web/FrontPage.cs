using System.Globalization;
using System.Net;
using Circuit.Shop;
using ThriftBreaker;

namespace Web;

/// <summary>Serves the page of the shop, which works without its backends, and the buttons that break them.</summary>
internal static class FrontPage
{
    public static void MapFrontPage(this IEndpointRouteBuilder app) => app.MapGet("/", ShowAsync);

    private static async Task<IResult> ShowAsync(Catalog.IAsync catalog, Recommendations.IAsync recommendations, Backends backends, CancellationToken cancellationToken)
    {
        var products = TryCallAsync(catalog.products(cancellationToken));
        var stock = TryCallAsync(catalog.stock(["tea-1", "tea-2", "pot-1", "cup-1"], cancellationToken));
        var advice = TryCallAsync(recommendations.suggest("tea-1", cancellationToken));
        return Results.Content(Html(await products, await stock, await advice, backends), "text/html; charset=utf-8");
    }

    /// <summary>Returns the result of a call, or the reason of its failure.</summary>
    private static async Task<(T? Result, string Error)> TryCallAsync<T>(Task<T> call)
        where T : class
    {
        try
        {
            return (await call, "");
        }
        catch (CircuitOpenException rejection)
        {
            return (null, string.Create(CultureInfo.InvariantCulture, $"Not called: the circuit is open, next try in {rejection.RetryAfter?.TotalSeconds:0.0} s."));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return (null, $"Failed: {failure.GetType().Name}.");
        }
    }

    private static string Html(
        (List<Product>? Result, string Error) products, (Dictionary<string, int>? Result, string Error) stock, (Advice? Result, string Error) advice, Backends backends) => $$"""
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
          .error { color: light-dark(#a40e26, #ff7b72); }
        </style>
        <h1>A tea shop</h1>
        <h2>Products</h2>
        {{(products.Result is { } sold ? List(sold.Select(product => Line(product, stock.Result))) : ErrorText(products.Error))}}
        <h2>{{Text(advice.Result?.Title ?? "For you")}}</h2>
        {{(advice.Result?.Skus is { } found ? List(found.Select(sku => GetName(sku, products.Result))) : ErrorText(advice.Error))}}
        <h2>Backends</h2>
        <p>{{Button("catalog", backends.Catalog)}} {{Button("recommendations", backends.Recommendations)}}</p>
        <p><a href="/breakers">circuit breakers</a> · <a href="/health">health</a> · <a href="/metrics">metrics</a></p>
        </html>
        """;

    /// <summary>A product without a known stock is shown, too.</summary>
    private static string Line(Product product, Dictionary<string, int>? stock) => string.Create(
        CultureInfo.InvariantCulture, $"{product.Name}, {product.Cents / 100m:0.00} €{(stock?.TryGetValue(product.Sku, out var left) == true ? $", {left} in stock" : "")}");

    private static string GetName(string sku, List<Product>? products) => products?.Find(product => product.Sku == sku)?.Name ?? sku;

    private static string List(IEnumerable<string> lines) => $"<ul>{string.Concat(lines.Select(static line => $"<li>{Text(line)}</li>"))}</ul>";

    private static string ErrorText(string text) => $"""<p class="error">{Text(text)}</p>""";

    private static string Button(string name, Backend backend)
        => $"""<form method="post" action="/backends/{name}/{(backend.IsBroken ? "heal" : "break")}"><button>{(backend.IsBroken ? "Heal" : "Break")} the {name}</button></form>""";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
