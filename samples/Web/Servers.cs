using Circuit.Shop;

namespace Web;

/// <summary>Implements the catalog.</summary>
internal sealed class CatalogServer : Catalog.IAsync
{
    private static readonly List<Product> Products =
    [
        new("tea-1", "Green tea", 590),
        new("tea-2", "Black tea", 480),
        new("pot-1", "Cast iron teapot", 4_900),
        new("cup-1", "Cup without a handle", 1_250),
    ];

    public async Task<List<Product>> products(CancellationToken cancellationToken = default)
    {
        await Delay.RandomAsync(cancellationToken);
        return Products;
    }

    public async Task<Dictionary<string, int>> stock(List<string>? skus, CancellationToken cancellationToken = default)
    {
        await Delay.RandomAsync(cancellationToken);
        return (skus ?? []).ToDictionary(static sku => sku, static _ => Random.Shared.Next(1, 100));
    }
}

/// <summary>Implements the recommendations.</summary>
internal sealed class RecommendationsServer : Recommendations.IAsync
{
    public async Task<Advice> suggest(string? sku, CancellationToken cancellationToken = default)
    {
        await Delay.RandomAsync(cancellationToken);
        return new Advice("For you", ["pot-1", "cup-1"]);
    }
}

file static class Delay
{
    /// <summary>Simulates the duration of a real call.</summary>
    public static Task RandomAsync(CancellationToken cancellationToken) => Task.Delay(Random.Shared.Next(2, 20), cancellationToken);
}
