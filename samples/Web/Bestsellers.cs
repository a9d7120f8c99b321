using Circuit.Shop;

namespace Web;

/// <summary>The fallback: the same products for every visitor while the recommendations are unavailable.</summary>
internal sealed class Bestsellers : Recommendations.IAsync
{
    private readonly Task<Advice> _advice = Task.FromResult(new Advice("Bestsellers", ["tea-1", "pot-1"]));

    public Task<Advice> suggest(string? sku, CancellationToken cancellationToken = default) => _advice;
}
