using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ThriftBreaker;

// Methods that return a task.
internal readonly partial struct CallGuard
{
    /// <summary>Creates the task of a call that was not admitted.</summary>
    public Task Reject(CancellationToken cancellationToken)
        => Reject<bool>(cancellationToken);

    /// <inheritdoc cref="Reject"/>
    public Task<T> Reject<T>(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        try
        {
            return Task.FromException<T>(new CircuitOpenException(_circuitBreaker));
        }
#pragma warning disable CA1031 // The clock is a user callback. A method that returns a task throws no exception outside of it.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            return Task.FromException<T>(thrown);
        }
    }

    /// <summary>Creates the task of a call that threw instead of returning a task.</summary>
    public Task Fail(ref CallTicket ticket, Exception error, ThriftMethod? method, CancellationToken cancellationToken)
        => Fail<bool>(ref ticket, error, method, cancellationToken);

    /// <inheritdoc cref="Fail"/>
    public Task<T> Fail<T>(ref CallTicket ticket, Exception error, ThriftMethod? method, CancellationToken cancellationToken)
    {
        // The builder of async methods: for an OperationCanceledException it creates a cancelled task.
        var call = AsyncTaskMethodBuilder<T>.Create();
        call.SetException(Failed(ref ticket, error, method, cancellationToken));
        return call.Task;
    }

    /// <summary>
    /// Records the outcome of a call when it completes. The caller's task completes after that, never before.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Task Observe(ref CallTicket ticket, Task call, ThriftMethod? method, CancellationToken cancellationToken)
        => call.IsCompletedSuccessfully && CallOutcomeRecorder.TryRecordHealthy(ref ticket) ? call : ObserveOther(ref ticket, call, method, cancellationToken);

    /// <summary>
    /// Observes a call that had not succeeded, or whose circuit was not healthy, a moment ago; by now it may have
    /// succeeded. Returns a call without a circuit breaker unchanged.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal Task ObserveOther(ref CallTicket ticket, Task call, ThriftMethod? method, CancellationToken cancellationToken)
    {
        if (ticket.CircuitBreaker is null)
        {
            return call;
        }

        if (call.IsCompletedSuccessfully)
        {
            CallOutcomeRecorder.RecordReturn<NoResult?>(_circuitBreaker, ref ticket, method, result: null, isMeasured: true);
            return call;
        }

        if (call is { IsFaulted: false, IsCanceled: false })
        {
            ticket.EndScope();
            return CallWatch<NoResult>.Start(ticket, call, method, cancellationToken);
        }

        var error = ErrorOf(call);
        var thrown = Failed(ref ticket, error, method, cancellationToken);
        return thrown == error ? call : Task.FromException(thrown);
    }

    /// <inheritdoc cref="Observe(ref CallTicket, Task, ThriftMethod?, CancellationToken)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Task<T> Observe<T>(ref CallTicket ticket, Task<T> call, ThriftMethod? method, CancellationToken cancellationToken)
        => call.IsCompletedSuccessfully && CallOutcomeRecorder.TryRecordHealthy(ref ticket) ? call : ObserveOther(ref ticket, call, method, cancellationToken);

    /// <inheritdoc cref="ObserveOther(ref CallTicket, Task, ThriftMethod?, CancellationToken)"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal Task<T> ObserveOther<T>(ref CallTicket ticket, Task<T> call, ThriftMethod? method, CancellationToken cancellationToken)
    {
        if (ticket.CircuitBreaker is null)
        {
            return call;
        }

        if (call.IsCompletedSuccessfully)
        {
#pragma warning disable CA1849 // It has completed: nothing blocks.
            CallOutcomeRecorder.RecordReturn(_circuitBreaker, ref ticket, method, call.Result, isMeasured: true);
#pragma warning restore CA1849
            return call;
        }

        if (call is { IsFaulted: false, IsCanceled: false })
        {
            ticket.EndScope();
            return CallWatch<T>.Start(ticket, call, method, cancellationToken);
        }

        var error = ErrorOf(call);
        var thrown = Failed(ref ticket, error, method, cancellationToken);
        return thrown == error ? call : Task.FromException<T>(thrown);
    }

    /// <summary>
    /// Gets the exception that awaiting the call would throw. The call has completed without success.
    /// </summary>
    internal static Exception ErrorOf(Task call)
    {
        if (call.Exception?.InnerException is { } failure)
        {
            return failure;
        }

        try
        {
            // Cancelled. Only await rethrows the original exception, which may carry more: HttpClient reports its
            // timeout that way.
            call.GetAwaiter().GetResult();
            throw new UnreachableException();
        }
        catch (OperationCanceledException cancelled)
        {
            return cancelled;
        }
    }
}
