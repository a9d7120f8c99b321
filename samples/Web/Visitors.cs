using Circuit.Shop;

namespace Web;

/// <summary>Simulates ten visitors of the shop per second.</summary>
internal sealed class Visitors(Catalog.IAsync catalog, Recommendations.IAsync recommendations) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await Task.WhenAll(
                TryAsync(catalog.products(stoppingToken)),
                TryAsync(catalog.stock(["tea-1", "pot-1"], stoppingToken)),
                TryAsync(recommendations.suggest("tea-1", stoppingToken)));
        }
    }

    /// <summary>The circuit breakers record the result.</summary>
    private static async Task TryAsync(Task call) => await call.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
