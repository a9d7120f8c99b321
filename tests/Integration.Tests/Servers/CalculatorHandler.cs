using Circuit.Calculators;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>A calculator that returns, throws, waits or closes the connection, depending on the call.</summary>
internal sealed class CalculatorHandler : Calculator.IAsync
{
    /// <summary>An argument of <see cref="slow"/>: return after <see cref="Release"/>, and not after a time.</summary>
    public const int UntilReleased = -1;

    /// <summary>
    /// An argument of <see cref="echo"/>: an exception that makes ApacheThrift's processor close the connection.
    /// </summary>
    public const string CloseConnection = "close the connection";

    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _slowCalls;

    public TaskCompletionSource<string?> LastNote { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The number of slow calls that have arrived.</summary>
    public int SlowCalls => Volatile.Read(ref _slowCalls);

    /// <summary>Completes all current and future slow calls that wait for it.</summary>
    public void Release() => _release.TrySetResult();

    public Task WaitForSlowCallAsync(int number = 1) => Deadline.UntilAsync(() => SlowCalls >= number, "the slow call has reached the server");

    public Task ping(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task<string> echo(string? text, CancellationToken cancellationToken = default)
        => text == CloseConnection ? throw new Thrift.Transport.TTransportException("intentional") : Task.FromResult(text!);

    public Task<int> calculate(Work? work, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        return work.Operation switch
        {
            Operation.DIVIDE when work.Right == 0 => throw new DivisionByZero { Work = work },
            Operation.DIVIDE => Task.FromResult(work.Left / work.Right),
            Operation.MULTIPLY when (long)work.Left * work.Right > int.MaxValue => throw new Overflow { Reason = "more than 32 bits", Limit = int.MaxValue },
            Operation.MULTIPLY => Task.FromResult(work.Left * work.Right),
            Operation.SUBTRACT => Task.FromResult(work.Left - work.Right),
            _ => Task.FromResult(work.Left + work.Right),
        };
    }

    public Task<Dictionary<string, long>> sums(Dictionary<string, List<int>>? groups, CancellationToken cancellationToken = default)
        => Task.FromResult(groups!.ToDictionary(static group => group.Key, static group => group.Value.Sum(static number => (long)number)));

    /// <summary>
    /// Returns a work for each tag, or null without tags. Thrift cannot send null: the client throws a
    /// TApplicationException of type MissingResult.
    /// </summary>
    public Task<List<Work>> history(Operation operation, HashSet<string>? tags, CancellationToken cancellationToken = default)
        => Task.FromResult<List<Work>>(tags!.Count == 0 ? null! : [.. tags.Select(static tag => new Work(1, 2) { Comment = tag })]);

    public async Task<int> slow(int milliseconds, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _slowCalls);
        await (milliseconds == UntilReleased ? _release.Task.WaitAsync(cancellationToken) : Task.Delay(milliseconds, cancellationToken));
        return milliseconds;
    }

    public Task crash(CancellationToken cancellationToken = default) => throw new InvalidOperationException("intentional");

    public Task<string> describe(string? @event, bool @checked, CancellationToken cancellationToken = default)
        => Task.FromResult($"{@event}: {(@checked ? "yes" : "no")}");

    public Task note(string? text, CancellationToken cancellationToken = default)
    {
        LastNote.TrySetResult(text);
        return Task.CompletedTask;
    }

    [Obsolete("use calculate")]
    public Task<int> @add(int left, int right, CancellationToken cancellationToken = default) => Task.FromResult(left + right);
}
