namespace ThriftBreaker.Integration.Tests;

/// <summary>A service of every shape that a method may have.</summary>
[CircuitBreaker(FailMax = 2, ResetTimeoutSeconds = 10)]
public interface IShapes
{
    void Run();

    int Value(int number);

    Task Later();

    Task<int> ValueLater(int number, CancellationToken cancellationToken = default);

    ValueTask Soon();

    ValueTask<int> ValueSoon(int number);
}

/// <summary>Answers what it was asked with, or fails.</summary>
internal sealed class Shapes : IShapes
{
    /// <summary>Each shape as a call whose result, if it has one, is 7.</summary>
    public static Dictionary<string, Func<IShapes, ValueTask<int>>> OfEachShape { get; } = new()
    {
        [nameof(IShapes.Run)] = static shapes => { shapes.Run(); return new(7); },
        [nameof(IShapes.Value)] = static shapes => new(shapes.Value(7)),
        [nameof(IShapes.Later)] = static async shapes => { await shapes.Later(); return 7; },
        [nameof(IShapes.ValueLater)] = static async shapes => await shapes.ValueLater(7),
        [nameof(IShapes.Soon)] = static async shapes => { await shapes.Soon(); return 7; },
        [nameof(IShapes.ValueSoon)] = static shapes => shapes.ValueSoon(7),
    };

    public Exception? Error { get; set; }

    public int Calls { get; private set; }

    /// <summary>What <see cref="ValueLater"/> returns, where it is set.</summary>
    public Task<int>? Answer { get; set; }

    public void Run() => Call(0);

    public int Value(int number) => Call(number);

    public async Task Later()
    {
        await Task.Yield();
        Call(0);
    }

    public Task<int> ValueLater(int number, CancellationToken cancellationToken)
    {
        return Answer ?? CallLater();

        async Task<int> CallLater()
        {
            await Task.Yield();
            return Call(number);
        }
    }

    public async ValueTask Soon()
    {
        await Task.Yield();
        Call(0);
    }

    public async ValueTask<int> ValueSoon(int number)
    {
        await Task.Yield();
        return Call(number);
    }

    private int Call(int number)
    {
        Calls++;
        return Error is null ? number : throw Error;
    }
}
