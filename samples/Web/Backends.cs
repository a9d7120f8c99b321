using Circuit.Shop;
using Microsoft.Extensions.Logging.Abstractions;

namespace Web;

/// <summary>
/// Runs the two servers that the app calls. They run in its process, so one command starts all, but over TCP.
/// </summary>
internal sealed class Backends : IAsyncDisposable
{
    // A logger would log every call that a broken server interrupts, which this sample does on purpose.
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

/// <summary>Maps the buttons of the front page.</summary>
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
        // Any other site can make a browser send a form here with its user's identity. The browser reports that.
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
