using Circuit.Calculators;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>A calculator that answers, refuses, crashes, dawdles or says nothing, as it is asked.</summary>
internal sealed class CalculatorHandler : Calculator.IAsync
{
    /// <summary>To <see cref="slow"/>: answer when the test says so, and not by the clock.</summary>
    public const int UntilReleased = -1;

    /// <summary>To <see cref="echo"/>: an error that makes ApacheThrift's processor drop the connection instead of telling the client.</summary>
    public const string HangUp = "hang up";

    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _slowCalls;

    public TaskCompletionSource<string?> LastNote { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many slow calls have arrived.</summary>
    public int SlowCalls => Volatile.Read(ref _slowCalls);

    /// <summary>Answers all calls that wait for it, now and later.</summary>
    public void Release() => _release.TrySetResult();

    public Task SlowCallArrivesAsync(int number = 1) => Deadline.UntilAsync(() => SlowCalls >= number, "the slow call has reached the server");

    public Task ping(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task<string> echo(string? text, CancellationToken cancellationToken = default)
        => text == HangUp ? throw new Thrift.Transport.TTransportException("as asked") : Task.FromResult(text!);

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

    /// <summary>A work for each tag. Without tags null, which Thrift cannot send: the client sees TApplicationException MissingResult.</summary>
    public Task<List<Work>> history(Operation operation, HashSet<string>? tags, CancellationToken cancellationToken = default)
        => Task.FromResult<List<Work>>(tags!.Count == 0 ? null! : [.. tags.Select(static tag => new Work(1, 2) { Comment = tag })]);

    public async Task<int> slow(int milliseconds, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _slowCalls);
        await (milliseconds == UntilReleased ? _release.Task.WaitAsync(cancellationToken) : Task.Delay(milliseconds, cancellationToken));
        return milliseconds;
    }

    public Task crash(CancellationToken cancellationToken = default) => throw new InvalidOperationException("crashed as asked");

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
