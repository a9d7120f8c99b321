using System.Runtime.CompilerServices;

namespace ThriftBreaker;

/// <summary>
/// Observes a call that has not completed, and completes the caller's task after it has recorded the outcome.
/// </summary>
/// <remarks>
/// Equals the state machine that the C# compiler generates for an async method, with two differences. It reads the
/// exception of a failed call instead of rethrowing it, which costs more than all other steps. And it stores neither an
/// awaiter, which it gets from the call again, nor a circuit breaker, which the ticket has: a ticket without a circuit
/// breaker is not observed.
/// </remarks>
/// <typeparam name="T">The type of the result; <see cref="NoResult"/> for a call without one.</typeparam>
internal struct CallWatch<T> : IAsyncStateMachine
{
    private AsyncTaskMethodBuilder<T> _builder;
    private CallTicket _ticket;
    private Task _call;
    private ThriftMethod? _method;
    private CancellationToken _cancellationToken;

    /// <summary>Starts to observe the call, and returns the caller's task.</summary>
    public static Task<T> Start(in CallTicket ticket, Task call, ThriftMethod? method, CancellationToken cancellationToken)
    {
        var watch = new CallWatch<T>
        {
            _builder = AsyncTaskMethodBuilder<T>.Create(),
            _ticket = ticket,
            _call = call,
            _method = method,
            _cancellationToken = cancellationToken,
        };
        watch._builder.Start(ref watch);
        return watch._builder.Task;
    }

    /// <summary>Runs twice: at the start, and when the call has completed.</summary>
    public void MoveNext()
    {
        if (!_call.IsCompleted)
        {
            var awaiter = _call.ConfigureAwait(false).GetAwaiter();
            _builder.AwaitUnsafeOnCompleted(ref awaiter, ref this);
            return;
        }

        var guard = CallGuard.Create(_ticket.CircuitBreaker!);
        if (!_call.IsCompletedSuccessfully)
        {
            var error = CallGuard.ErrorOf(_call);
            _builder.SetException(guard.Failed(ref _ticket, error, _method, _cancellationToken));
            return;
        }

        var result = _call is Task<T> call ? call.GetAwaiter().GetResult() : default!;
        guard.Returned(ref _ticket, _method, result);
        _builder.SetResult(result);
    }

    public void SetStateMachine(IAsyncStateMachine stateMachine)
    {
        // Not called: the builder boxes the state machine itself.
    }
}
