using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using ThriftBreaker.Dashboard.Circuits;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>When the circuits are looked at, and how long. Circuits of other tests change beside these: nothing here counts on their not doing so.</summary>
public sealed class WatchTests
{
    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AChangeIsLookedAtWithinAQuarterOfASecond()
    {
        using var watch = new CircuitWatch(_clock);
        var circuit = new CircuitBreaker(new() { Name = "looked at soon" });
        watch.Enter();
        var next = watch.NextAsync(watch.Look());

        circuit.Open();
        _clock.Advance(TimeSpan.FromMilliseconds(250));

        Assert.True(next.IsCompleted);
        Assert.Equal("open", StateOf(circuit, await next));
    }

    [Fact]
    public async Task CircuitsThatFlapAreLookedAtFourTimesASecond()
    {
        using var watch = new CircuitWatch(_clock);
        var circuit = new CircuitBreaker(new() { Name = "flapping" });
        watch.Enter();
        var (looks, seen) = (0, watch.Look());

        for (var change = 0; change < 1_000; change++)
        {
            var next = watch.NextAsync(seen);
            circuit.Open();
            circuit.Close();
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            if (next.IsCompleted)
            {
                (looks, seen) = (looks + 1, await next);
            }
        }

        Assert.InRange(looks, 38, 40);
    }

    [Fact]
    public async Task WhoWasBusyDuringALookGetsItAtOnce()
    {
        using var watch = new CircuitWatch(_clock);
        var circuit = new CircuitBreaker(new() { Name = "looked at meanwhile" });
        watch.Enter();
        var seen = watch.Look();
        circuit.Open();
        _clock.Advance(CircuitWatch.Interval);

        var next = watch.NextAsync(seen);

        Assert.True(next.IsCompleted);
        Assert.Equal("open", StateOf(circuit, await next));
        Assert.False(watch.NextAsync(await next).IsCompleted);
    }

    [Fact]
    public void WhileNobodyLooksNothingRunsAndChangesAreNotedAllTheSame()
    {
        using var watch = new CircuitWatch(_clock);
        var circuit = new CircuitBreaker(new() { Name = "noted" });
        watch.Enter();
        watch.Leave();
        var next = watch.NextAsync(watch.Look());

        circuit.Open();
        _clock.Advance(TimeSpan.FromMinutes(30));

        Assert.False(next.IsCompleted);
        Assert.Single(watch.History.After(0), static transition => transition is { Name: "noted", To: "open" });
    }

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

    private static string StateOf(CircuitBreaker circuit, Snapshot picture) => picture.CircuitBreakers.Single(view => view.Name == circuit.Name).State;

    private sealed class Clock : TimeProvider;
}
