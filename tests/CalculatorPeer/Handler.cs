using Circuit.Calculators;

namespace CalculatorPeer;

/// <summary>The calculator. Prints calls that cannot be observed by their replies.</summary>
internal sealed class Handler : Calculator.IAsync
{
    public Task ping(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task<string> echo(string? text, CancellationToken cancellationToken = default) => Task.FromResult(text!);

    public Task<int> calculate(Work? work, CancellationToken cancellationToken = default)
    {
        if (work is { Operation: Operation.DIVIDE, Right: 0 })
        {
            throw new DivisionByZero { Work = work };
        }

        var result = work!.Operation switch
        {
            Operation.DIVIDE => work.Left / work.Right,
            Operation.MULTIPLY => (long)work.Left * work.Right,
            Operation.SUBTRACT => (long)work.Left - work.Right,
            _ => (long)work.Left + work.Right,
        };
        return result is >= int.MinValue and <= int.MaxValue
            ? Task.FromResult((int)result)
            : throw new Overflow { Reason = "more than 32 bits", Limit = int.MaxValue };
    }

    public Task<Dictionary<string, long>> sums(Dictionary<string, List<int>>? groups, CancellationToken cancellationToken = default)
        => Task.FromResult(groups!.ToDictionary(static group => group.Key, static group => group.Value.Sum(static number => (long)number)));

    public Task<List<Work>> history(Operation operation, HashSet<string>? tags, CancellationToken cancellationToken = default)
        => Task.FromResult<List<Work>>(null!);

    public async Task<int> slow(int milliseconds, CancellationToken cancellationToken = default)
    {
        Console.WriteLine($"slow {milliseconds}");
        await Task.Delay(milliseconds, cancellationToken);
        return milliseconds;
    }

    public Task crash(CancellationToken cancellationToken = default) => throw new InvalidOperationException("intentional");

    public Task<string> describe(string? @event, bool @checked, CancellationToken cancellationToken = default)
        => Task.FromResult($"{@event}: {(@checked ? "yes" : "no")}");

    public Task note(string? text, CancellationToken cancellationToken = default)
    {
        Console.WriteLine($"note {text}");
        return Task.CompletedTask;
    }

    [Obsolete("use calculate")]
    public Task<int> @add(int left, int right, CancellationToken cancellationToken = default) => Task.FromResult(left + right);
}
