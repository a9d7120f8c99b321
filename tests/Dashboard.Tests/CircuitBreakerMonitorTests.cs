using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using ThriftBreaker.Dashboard.Monitoring;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>
/// Tests when snapshots are published, and how long a monitor lives. Circuit breakers of other tests change at the same
/// time, so no test relies on the absence of changes.
/// </summary>
public sealed class CircuitBreakerMonitorTests
{
    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StateChangeIsPublishedWithinDebounceDelay()
    {
        using var monitor = new CircuitBreakerMonitor(_clock);
        var circuitBreaker = new CircuitBreaker(new() { Name = "published soon" });
        monitor.AddViewer();
        var next = monitor.GetNextSnapshotAsync(monitor.GetSnapshot());

        circuitBreaker.Open();
        _clock.Advance(TimeSpan.FromMilliseconds(250));

        Assert.True(next.IsCompleted);
        Assert.Equal("open", GetState(circuitBreaker, await next));
    }

    [Fact]
    public async Task FlappingCircuitBreakersArePublishedFourTimesASecond()
    {
        using var monitor = new CircuitBreakerMonitor(_clock);
        var circuitBreaker = new CircuitBreaker(new() { Name = "flapping" });
        monitor.AddViewer();
        var (snapshots, seen) = (0, monitor.GetSnapshot());

        for (var change = 0; change < 1_000; change++)
        {
            var next = monitor.GetNextSnapshotAsync(seen);
            circuitBreaker.Open();
            circuitBreaker.Close();
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            if (next.IsCompleted)
            {
                (snapshots, seen) = (snapshots + 1, await next);
            }
        }

        Assert.InRange(snapshots, 38, 40);
    }

    [Fact]
    public async Task MissedSnapshotIsReturnedAtOnce()
    {
        using var monitor = new CircuitBreakerMonitor(_clock);
        var circuitBreaker = new CircuitBreaker(new() { Name = "published before" });
        monitor.AddViewer();
        var seen = monitor.GetSnapshot();
        circuitBreaker.Open();
        _clock.Advance(CircuitBreakerMonitor.SnapshotInterval);

        var next = monitor.GetNextSnapshotAsync(seen);

        Assert.True(next.IsCompleted);
        Assert.Equal("open", GetState(circuitBreaker, await next));
        Assert.False(monitor.GetNextSnapshotAsync(await next).IsCompleted);
    }

    [Fact]
    public void WithoutViewerOnlyTransitionsAreRecorded()
    {
        using var monitor = new CircuitBreakerMonitor(_clock);
        var circuitBreaker = new CircuitBreaker(new() { Name = "recorded" });
        monitor.AddViewer();
        monitor.RemoveViewer();
        var next = monitor.GetNextSnapshotAsync(monitor.GetSnapshot());

        circuitBreaker.Open();
        _clock.Advance(TimeSpan.FromMinutes(30));

        Assert.False(next.IsCompleted);
        Assert.Single(monitor.GetTransitionsAfter(0), static transition => transition.Value is { Name: "recorded", To: "open" });
    }

    /// <summary>Circuit breakers can outlive the app: in tests, and if an app is built twice.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AppThatIsNeverStoppedReleasesItsMonitor(bool started)
    {
        var circuitBreaker = new CircuitBreaker(new() { Name = "monitored by a collected app" });
        var clock = await MapAndDropAsync(started);

        await Deadline.UntilAsync(
            () =>
            {
                circuitBreaker.Open();
                circuitBreaker.Close();
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return !clock.IsAlive;
            },
            "the monitor is collected");
        GC.KeepAlive(circuitBreaker);
    }

    /// <summary>Only the monitor refers to the clock afterwards.</summary>
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

    private static string GetState(CircuitBreaker circuitBreaker, Snapshot snapshot) => snapshot.CircuitBreakers.Single(view => view.Value.Name == circuitBreaker.Name).Value.State;

    private sealed class Clock : TimeProvider;
}
