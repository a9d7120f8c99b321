using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>When the circuits are looked at, and how long. Circuits of other tests change beside these: nothing here counts on their not doing so.</summary>
public sealed class WatchTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The circuits outlive the app: in tests, and where an app is built a second time.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnAppThatIsNeverStoppedTakesItsWatchAlong(bool started)
    {
        var circuit = new CircuitBreaker(new() { Name = "watched by the dead" });
        var clock = await MapAndDropAsync(started);

        await Deadline.UntilAsync(
            () =>
            {
                circuit.Open();
                circuit.Close();
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return !clock.IsAlive;
            },
            "nothing holds the watch any more");
        GC.KeepAlive(circuit);
    }

    /// <summary>Only the watch holds the clock on.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> MapAndDropAsync(bool start)
    {
        var clock = new Clock();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(clock);
        await using var app = builder.Build();
        app.MapThriftBreakers("/breakers");
        if (start)
        {
            await app.StartAsync(Token);
        }

        return new WeakReference(clock);
    }

    private sealed class Clock : TimeProvider;
}
