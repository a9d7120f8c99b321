using System.Collections.Concurrent;
using System.Diagnostics;
using Circuit.Example;
using ThriftBreaker;

namespace Cluster;

/// <summary>Specifies how a call ended.</summary>
internal enum Outcome
{
    Answered,
    Failed,
    Rejected,
}

/// <summary>Represents one call.</summary>
/// <param name="At">When it started.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Elapsed">Its duration.</param>
internal readonly record struct Call(DateTimeOffset At, Outcome Outcome, TimeSpan Elapsed);

/// <summary>Calls a service with several callers at a constant rate, and records each call.</summary>
internal static class Load
{
    private const int Callers = 20;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Calls the service for this time.</summary>
    public static async Task<IReadOnlyCollection<Call>> RunAsync(MyService.IAsync client, TimeSpan time, CancellationToken cancellationToken)
    {
        var calls = new ConcurrentQueue<Call>();
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => CallAsync(Interval * caller / Callers)));
        return calls;

        async Task CallAsync(TimeSpan offset)
        {
            await Task.Delay(offset, cancellationToken);
            using var timer = new PeriodicTimer(Interval);
            while (Stopwatch.GetElapsedTime(start) < time)
            {
                calls.Enqueue(await CallOnceAsync(client, cancellationToken));
                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }
    }

    private static async Task<Call> CallOnceAsync(MyService.IAsync client, CancellationToken cancellationToken)
    {
        var at = DateTimeOffset.UtcNow;
        var start = Stopwatch.GetTimestamp();
        Outcome outcome;
        try
        {
            await client.doSomething(new Request { Data = "Hello, world!" }, cancellationToken);
            outcome = Outcome.Answered;
        }
        catch (CircuitOpenException)
        {
            outcome = Outcome.Rejected;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            outcome = Outcome.Failed;
        }

        return new Call(at, outcome, Stopwatch.GetElapsedTime(start));
    }
}
