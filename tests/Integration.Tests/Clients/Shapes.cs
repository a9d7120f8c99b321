namespace ThriftBreaker.Integration.Tests.Clients;

/// <summary>A service with one method of each shape.</summary>
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

/// <summary>Returns its argument, or throws <see cref="Error"/>.</summary>
internal sealed class Shapes : IShapes
{
    /// <summary>A call of each shape, with the result 7 if it has one.</summary>
    public static Dictionary<string, Func<IShapes, ValueTask<int>>> CallsByShape { get; } = new()
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

    /// <summary>The result of <see cref="ValueLater"/>, if set.</summary>
    public Task<int>? Reply { get; set; }

    public void Run() => Call(0);

    public int Value(int number) => Call(number);

    public async Task Later()
    {
        await Task.Yield();
        Call(0);
    }

    public Task<int> ValueLater(int number, CancellationToken cancellationToken)
    {
        return Reply ?? CallLater();

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
