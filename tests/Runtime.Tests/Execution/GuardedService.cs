using ThriftBreaker.GeneratedCode;

namespace ThriftBreaker.Runtime.Tests.Execution;

/// <summary>
/// A service behind a circuit breaker: a method of each shape that the generator knows, called with an invoker as
/// generated code does, and the Execute methods.
/// </summary>
/// <param name="breaker">The circuit breaker.</param>
/// <param name="service">The implementation of the service; it may throw instead of returning a task.</param>
/// <param name="method">The description of the generated methods.</param>
internal sealed class GuardedService(CircuitBreaker breaker, Func<Task<int>> service, ThriftMethod? method = null)
{
    /// <summary>The result of a method without one.</summary>
    public const int Answer = 42;

    private readonly CallInvoker<Func<Task<int>>> _calls = new(new ThriftService<Func<Task<int>>>("Service", breaker.Options), service, breaker, fallback: null);
    private readonly ThriftMethod _method = method ?? new ThriftMethod("");

    /// <summary>Starts a call. Asynchronous entrances must not throw here.</summary>
    public Task<int> Start(Entrance entrance, CancellationToken token)
    {
        switch (entrance)
        {
            case Entrance.Nothing:
                GetNothing(token);
                return Task.FromResult(Answer);

            case Entrance.Result:
                return Task.FromResult(GetResult(token));

            case Entrance.Task:
                return WithAnswer(GetTask(token));

            case Entrance.TaskOfResult:
                return GetTaskOfResult(token);

            case Entrance.ValueTask:
                return WithAnswer(GetValueTask(token).AsTask());

            case Entrance.ValueTaskOfResult:
                return GetValueTaskOfResult(token).AsTask();

            case Entrance.Execute:
                breaker.Execute(() => { _ = service().GetAwaiter().GetResult(); });
                return Task.FromResult(Answer);

            case Entrance.ExecuteOfResult:
                return Task.FromResult(breaker.Execute(() => service().GetAwaiter().GetResult()));

            case Entrance.ExecuteAsync:
                return WithAnswer(breaker.ExecuteAsync(_ => (Task)service(), token));

            case Entrance.ExecuteAsyncOfResult:
                return breaker.ExecuteAsync(_ => service(), token);

            case Entrance.ExecuteValueTask:
                return WithAnswer(breaker.ExecuteValueTaskAsync(_ => new ValueTask(service()), token).AsTask());

            case Entrance.ExecuteValueTaskOfResult:
                return breaker.ExecuteValueTaskAsync(_ => new ValueTask<int>(service()), token).AsTask();

            case Entrance.ExecuteWithState:
                breaker.Execute(service, static service => { _ = service().GetAwaiter().GetResult(); });
                return Task.FromResult(Answer);

            case Entrance.ExecuteWithStateOfResult:
                return Task.FromResult(breaker.Execute(service, static service => service().GetAwaiter().GetResult()));

            case Entrance.ExecuteAsyncWithState:
                return WithAnswer(breaker.ExecuteAsync(service, static (service, _) => (Task)service(), token));

            case Entrance.ExecuteAsyncWithStateOfResult:
                return breaker.ExecuteAsync(service, static (service, _) => service(), token);

            case Entrance.ExecuteValueTaskWithState:
                return WithAnswer(breaker.ExecuteValueTaskAsync(service, static (service, _) => new ValueTask(service()), token).AsTask());

            default:
                return breaker.ExecuteValueTaskAsync(service, static (service, _) => new ValueTask<int>(service()), token).AsTask();
        }
    }

    /// <summary>Makes a call; its result or exception is in the task.</summary>
    public async Task<int> CallAsync(Entrance entrance) => await Start(entrance, TestContext.Current.CancellationToken);

    /// <summary>Makes a call with the caller's token.</summary>
    public async Task<int> CallUnderAsync(Entrance entrance, CancellationToken token) => await Start(entrance, token);

    private void GetNothing(CancellationToken token)
        => _calls.Call(_method, 0, static (service, _, _) => { _ = service().GetAwaiter().GetResult(); }, token);

    private int GetResult(CancellationToken token)
        => _calls.Call(_method, 0, static (service, _, _) => service().GetAwaiter().GetResult(), token);

    private Task GetTask(CancellationToken token)
        => _calls.CallAsync(_method, 0, static (service, _, _) => (Task)service(), token);

    private Task<int> GetTaskOfResult(CancellationToken token)
        => _calls.CallAsync(_method, 0, static (service, _, _) => service(), token);

    private ValueTask GetValueTask(CancellationToken token)
        => _calls.CallValueAsync(_method, 0, static (service, _, _) => new ValueTask(service()), token);

    private ValueTask<int> GetValueTaskOfResult(CancellationToken token)
        => _calls.CallValueAsync(_method, 0, static (service, _, _) => new ValueTask<int>(service()), token);

    private static async Task<int> WithAnswer(Task call)
    {
        await call;
        return Answer;
    }
}
