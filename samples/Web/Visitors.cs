using Circuit.Shop;

namespace Web;

/// <summary>Visitors of the shop, ten a second, so that there is something to see.</summary>
internal sealed class Visitors(Catalog.IAsync catalog, Recommendations.IAsync recommendations) : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var pace = new PeriodicTimer(Pace);
        while (await pace.WaitForNextTickAsync(stoppingToken))
        {
            await Task.WhenAll(
                TryAsync(catalog.products(stoppingToken)),
                TryAsync(catalog.stock(["tea-1", "pot-1"], stoppingToken)),
                TryAsync(recommendations.suggest("tea-1", stoppingToken)));
        }
    }

    /// <summary>What becomes of it the circuits know.</summary>
    private static async Task TryAsync(Task call) => await call.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
