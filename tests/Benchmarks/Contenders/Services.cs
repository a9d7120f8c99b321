using System.Runtime.CompilerServices;

namespace ThriftBreaker.Benchmarks.Contenders;

/// <summary>Completes synchronously, with a cached task.</summary>
internal sealed class ReadyService : IService
{
    private readonly Task<int> _result = Task.FromResult(7);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Run()
    {
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public int Value(int number) => number;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public Task Later() => Task.CompletedTask;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public Task<int> ValueLater(int number) => _result;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask Soon() => default;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<int> ValueSoon(int number) => new(number);
}

/// <summary>
/// Completes asynchronously, as a network call does, on the thread that calls <see cref="Complete"/>, so that no
/// scheduler is measured.
/// </summary>
internal sealed class PendingService : IService
{
    private TaskCompletionSource<int> _result = new();

    public void Complete() => _result.SetResult(7);

    public void Fail(Exception error) => _result.SetException(error);

    public void Run() => throw new NotSupportedException();

    public int Value(int number) => throw new NotSupportedException();

    public Task Later() => throw new NotSupportedException();

    public ValueTask Soon() => throw new NotSupportedException();

    public async Task<int> ValueLater(int number)
    {
        _result = new();
        return await _result.Task.ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ValueSoon(int number)
    {
        _result = new();
        return await _result.Task.ConfigureAwait(false);
    }
}

/// <summary>Fails synchronously.</summary>
internal sealed class FailingService : IService
{
    private readonly Task<int> _failure = Task.FromException<int>(new TimeoutException());

    public void Run() => throw new TimeoutException();

    public int Value(int number) => throw new TimeoutException();

    public Task Later() => _failure;

    public Task<int> ValueLater(int number) => _failure;

    public ValueTask Soon() => new(_failure);

    public ValueTask<int> ValueSoon(int number) => new(_failure);
}
