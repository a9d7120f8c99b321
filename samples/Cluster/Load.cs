using System.Collections.Concurrent;
using System.Diagnostics;
using Circuit.Example;
using ThriftBreaker;

namespace Cluster;

/// <summary>How one call ended.</summary>
internal enum Ending
{
    Answered,
    Failed,
    Rejected,
}

/// <summary>One call.</summary>
/// <param name="At">When it began.</param>
/// <param name="Ending">How it ended.</param>
/// <param name="Took">How long it took.</param>
internal readonly record struct Call(DateTimeOffset At, Ending Ending, TimeSpan Took);

/// <summary>Callers that call at a steady pace, and note how each call ends.</summary>
internal static class Load
{
    private const int Callers = 20;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    /// <summary>Calls for so long.</summary>
    public static async Task<IReadOnlyCollection<Call>> RunAsync(MyService.IAsync client, TimeSpan time, CancellationToken cancellationToken)
    {
        var calls = new ConcurrentQueue<Call>();
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => CallAsync(Pace * caller / Callers)));
        return calls;

        async Task CallAsync(TimeSpan offset)
        {
            await Task.Delay(offset, cancellationToken);
            using var pace = new PeriodicTimer(Pace);
            while (Stopwatch.GetElapsedTime(start) < time)
            {
                calls.Enqueue(await CallOnceAsync(client, cancellationToken));
                await pace.WaitForNextTickAsync(cancellationToken);
            }
        }
    }

    private static async Task<Call> CallOnceAsync(MyService.IAsync client, CancellationToken cancellationToken)
    {
        var at = DateTimeOffset.UtcNow;
        var start = Stopwatch.GetTimestamp();
        Ending ending;
        try
        {
            await client.doSomething(new Request { Data = "Hello, world!" }, cancellationToken);
            ending = Ending.Answered;
        }
        catch (CircuitOpenException)
        {
            ending = Ending.Rejected;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            ending = Ending.Failed;
        }

        return new Call(at, ending, Stopwatch.GetElapsedTime(start));
    }
}
