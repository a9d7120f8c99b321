using System.Runtime.CompilerServices;

namespace ThriftBreaker.Benchmarks.Contenders;

/// <summary>Answers at once, with a task that it has ready.</summary>
internal sealed class ReadyService : IService
{
    private readonly Task<int> _answer = Task.FromResult(7);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Run()
    {
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public int Value(int number) => number;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public Task Later() => Task.CompletedTask;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public Task<int> ValueLater(int number) => _answer;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask Soon() => default;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<int> ValueSoon(int number) => new(number);
}

/// <summary>Answers when it is told to, as a network does; on the thread that tells it, so that no scheduler is measured.</summary>
internal sealed class PendingService : IService
{
    private TaskCompletionSource<int> _answer = new();

    public void Answer() => _answer.SetResult(7);

    public void Fail(Exception error) => _answer.SetException(error);

    public void Run() => throw new NotSupportedException();

    public int Value(int number) => throw new NotSupportedException();

    public Task Later() => throw new NotSupportedException();

    public ValueTask Soon() => throw new NotSupportedException();

    public async Task<int> ValueLater(int number)
    {
        _answer = new();
        return await _answer.Task.ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ValueSoon(int number)
    {
        _answer = new();
        return await _answer.Task.ConfigureAwait(false);
    }
}

/// <summary>Fails at once.</summary>
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
