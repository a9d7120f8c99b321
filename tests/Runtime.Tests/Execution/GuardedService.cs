using ThriftBreaker.GeneratedCode;

namespace ThriftBreaker.Runtime.Tests.Execution;

/// <summary>
/// A service behind a circuit breaker, with one method for each shape of generated code, and the Execute methods.
/// </summary>
/// <param name="breaker">The circuit breaker.</param>
/// <param name="service">The service; it may throw instead of returning a task.</param>
/// <param name="contract">The contract of the generated methods.</param>
internal sealed class GuardedService(CircuitBreaker breaker, Func<Task<int>> service, ThriftMethod? contract = null)
{
    /// <summary>The result of a method without one.</summary>
    public const int Answer = 42;

    private CallGuard Guard => new(breaker);

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
    {
        var ticket = Guard.Enter(contract, token);
        try
        {
            service().GetAwaiter().GetResult();
            Guard.Returned(ref ticket, contract);
        }
        catch (Exception error) when (Guard.Failed(ref ticket, error, contract, token))
        {
            throw Guard.Tripped(error);
        }
    }

    private int GetResult(CancellationToken token)
    {
        var ticket = Guard.Enter(contract, token);
        try
        {
            var result = service().GetAwaiter().GetResult();
            Guard.Returned(ref ticket, contract);
            return result;
        }
        catch (Exception error) when (Guard.Failed(ref ticket, error, contract, token))
        {
            throw Guard.Tripped(error);
        }
    }

#pragma warning disable CA1031 // As in generated code: the exception of the inner method is in the task.
    private Task GetTask(CancellationToken token)
    {
        if (!Guard.TryEnter(contract, token, out var ticket))
        {
            return Guard.Reject(token);
        }

        try
        {
            return Guard.Observe(ref ticket, (Task)service(), contract, token);
        }
        catch (Exception error)
        {
            return Guard.Fail(ref ticket, error, contract, token);
        }
    }

    private Task<int> GetTaskOfResult(CancellationToken token)
    {
        if (!Guard.TryEnter(contract, token, out var ticket))
        {
            return Guard.Reject<int>(token);
        }

        try
        {
            return Guard.Observe(ref ticket, service(), contract, token);
        }
        catch (Exception error)
        {
            return Guard.Fail<int>(ref ticket, error, contract, token);
        }
    }

    private ValueTask GetValueTask(CancellationToken token)
    {
        if (!Guard.TryEnter(contract, token, out var ticket))
        {
            return new(Guard.Reject(token));
        }

        try
        {
            return Guard.Observe(ref ticket, new ValueTask(service()), contract, token);
        }
        catch (Exception error)
        {
            return new(Guard.Fail(ref ticket, error, contract, token));
        }
    }

    private ValueTask<int> GetValueTaskOfResult(CancellationToken token)
    {
        if (!Guard.TryEnter(contract, token, out var ticket))
        {
            return new(Guard.Reject<int>(token));
        }

        try
        {
            return Guard.Observe(ref ticket, new ValueTask<int>(service()), contract, token);
        }
        catch (Exception error)
        {
            return new(Guard.Fail<int>(ref ticket, error, contract, token));
        }
    }
#pragma warning restore CA1031

    private static async Task<int> WithAnswer(Task call)
    {
        await call;
        return Answer;
    }
}
