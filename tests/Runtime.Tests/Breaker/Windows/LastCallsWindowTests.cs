namespace ThriftBreaker.Runtime.Tests.Breaker.Windows;

/// <summary>The last N calls, one bit each.</summary>
public sealed class LastCallsWindowTests
{
    public static TheoryData<int> EverySize => [.. Enumerable.Range(1, LastCallsWindow.MostCalls)];

    [Theory]
    [MemberData(nameof(EverySize))]
    public void Window_HoldsItsNumberOfCalls(int calls)
    {
        var window = new LastCallsWindow(calls);
        Assert.Equal(new WindowCounts(calls, 0, 0), window.Count(now: 0));

        for (var call = 1; call <= calls + 3; call++)
        {
            window.Record(startedIn: 0, failed: true, slow: true);
            Assert.Equal(new WindowCounts(calls, Math.Min(call, calls), Math.Min(call, calls)), window.Count(now: 0));
        }

        for (var call = 1; call <= calls + 3; call++)
        {
            Assert.Equal(call > calls, window.IsClean);
            window.Record(startedIn: 0, failed: false, slow: false);
            Assert.Equal(new WindowCounts(calls, Math.Max(0, calls - call), Math.Max(0, calls - call)), window.Count(now: 0));
        }
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void FailedAndSlow_AreCountedSeparately(bool failed, bool slow)
    {
        var window = new LastCallsWindow(8);

        window.Record(startedIn: 0, failed, slow);

        Assert.Equal(new WindowCounts(8, failed ? 1 : 0, slow ? 1 : 0), window.Count(now: 0));
        Assert.False(window.IsClean);
    }

    [Fact]
    public void ConcurrentFailures_AreNotLost()
    {
        const int Threads = 4;
        var window = new LastCallsWindow(LastCallsWindow.MostCalls);

        Race.Run(
            Threads,
            rounds: 1_000,
            before: () => window = new LastCallsWindow(LastCallsWindow.MostCalls),
            run: number =>
            {
                for (var call = 0; call < LastCallsWindow.MostCalls / Threads; call++)
                {
                    window.Record(startedIn: 0, failed: number % 2 == 0, slow: number % 2 == 1);
                }
            },
            after: () => Assert.Equal(new WindowCounts(64, 32, 32), window.Count(now: 0)));
    }
}
