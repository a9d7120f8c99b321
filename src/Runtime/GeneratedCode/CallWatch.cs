using System.Runtime.CompilerServices;

namespace ThriftBreaker.GeneratedCode;

/// <summary>Watches a call that has not ended yet, and ends the caller's task after the verdict.</summary>
/// <remarks>
/// What the compiler would write for an async method, but for two things. A failed call is read and handed on; await would
/// throw it once more, which costs more than all the rest. And it keeps no awaiter, which can be made from the call again, and no
/// circuit, which the ticket names: a ticket of no circuit is not watched.
/// </remarks>
/// <typeparam name="T">The call's result; <see cref="NoResult"/> for a call that has none.</typeparam>
internal struct CallWatch<T> : IAsyncStateMachine
{
    private AsyncTaskMethodBuilder<T> _callers;
    private CallTicket _ticket;
    private Task _call;
    private ThriftMethod? _method;
    private CancellationToken _cancellationToken;

    /// <summary>The task for the caller.</summary>
    public static Task<T> Start(in CallTicket ticket, Task call, ThriftMethod? method, CancellationToken cancellationToken)
    {
        var watch = new CallWatch<T>
        {
            _callers = AsyncTaskMethodBuilder<T>.Create(),
            _ticket = ticket,
            _call = call,
            _method = method,
            _cancellationToken = cancellationToken,
        };
        watch._callers.Start(ref watch);
        return watch._callers.Task;
    }

    /// <summary>Runs twice: when the watch starts, and when the call has ended.</summary>
    public void MoveNext()
    {
        if (!_call.IsCompleted)
        {
            var awaiter = _call.ConfigureAwait(false).GetAwaiter();
            _callers.AwaitUnsafeOnCompleted(ref awaiter, ref this);
            return;
        }

        var guard = new CallGuard(_ticket.CircuitBreaker!);
        if (!_call.IsCompletedSuccessfully)
        {
            var error = CallGuard.ErrorOf(_call);
            _callers.SetException(guard.Failed(ref _ticket, error, _method, _cancellationToken) ? guard.Tripped(error) : error);
            return;
        }

        // A call without a result says null to a classifier: nobody makes a NoResult.
        var result = _call is Task<T> call ? call.GetAwaiter().GetResult() : default!;
        guard.Returned(ref _ticket, _method, result);
        _callers.SetResult(result);
    }

    public void SetStateMachine(IAsyncStateMachine stateMachine)
    {
        // Called by no builder that boxes the machine itself, as this one does.
    }
}

/// <summary>Stands for the result of a call that has none.</summary>
internal sealed class NoResult
{
    private NoResult()
    {
    }
}
