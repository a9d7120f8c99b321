using Circuit.Shop;
using Microsoft.Extensions.Logging.Abstractions;

namespace Web;

/// <summary>The two servers that the app calls. They stand in it so that one command starts all; it speaks to them over the network all the same.</summary>
internal sealed class Backends : IAsyncDisposable
{
    // Their processors log each call that a breakdown cuts off, which is what the sample is about.
    public Backend Catalog { get; } = new(new Catalog.AsyncProcessor(new CatalogServer(), NullLogger<Catalog.AsyncProcessor>.Instance));

    public Backend Recommendations { get; } = new(new Recommendations.AsyncProcessor(new RecommendationsServer(), NullLogger<Recommendations.AsyncProcessor>.Instance));

    public Backend? Find(string name) => name switch
    {
        "catalog" => Catalog,
        "recommendations" => Recommendations,
        _ => null,
    };

    public async ValueTask DisposeAsync()
    {
        await Catalog.DisposeAsync();
        await Recommendations.DisposeAsync();
    }
}

/// <summary>What the buttons of the front page do.</summary>
internal static class BackendsEndpoints
{
    public static RouteGroupBuilder MapBackends(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/backends/{name}");
        group.MapPost("break", static (string name, HttpRequest request, Backends backends) => Switch(backends.Find(name), request, static backend => backend.Break()));
        group.MapPost("heal", static (string name, HttpRequest request, Backends backends) => Switch(backends.Find(name), request, static backend => backend.Heal()));
        return group;
    }

    private static IResult Switch(Backend? backend, HttpRequest request, Action<Backend> change)
    {
        // A page of any other site can send a form here, in the name of whoever looks at it; but its browser says so.
        if (request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin"))
        {
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        }

        if (backend is null)
        {
            return Results.NotFound();
        }

        change(backend);
        return Results.LocalRedirect("/");
    }
}
