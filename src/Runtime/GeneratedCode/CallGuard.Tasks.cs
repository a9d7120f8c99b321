using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ThriftBreaker.GeneratedCode;

// Methods that return a task.
public readonly partial struct CallGuard
{
    /// <summary>The task of a call that was not admitted.</summary>
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
            return Task.FromException<T>(new CircuitOpenException(_breaker));
        }
#pragma warning disable CA1031 // The clock's, which says when to come again: a method that returns a task throws nothing beside it.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            return Task.FromException<T>(thrown);
        }
    }

    /// <summary>The task of a call that threw instead of returning one.</summary>
    public Task Fail(ref CallTicket ticket, Exception error, ThriftMethod? method, CancellationToken cancellationToken)
        => Fail<bool>(ref ticket, error, method, cancellationToken);

    /// <inheritdoc cref="Fail"/>
    public Task<T> Fail<T>(ref CallTicket ticket, Exception error, ThriftMethod? method, CancellationToken cancellationToken)
    {
        // The builder of async methods, because it makes a cancelled task of a cancellation.
        var call = AsyncTaskMethodBuilder<T>.Create();
        call.SetException(Failed(ref ticket, error, method, cancellationToken) ? Tripped(error) : error);
        return call.Task;
    }

    /// <summary>Watches a call to its end. The caller's task ends after the verdict, never before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Task Observe(ref CallTicket ticket, Task call, ThriftMethod? method, CancellationToken cancellationToken)
        => call.IsCompletedSuccessfully && IsDoneWith(ref ticket) ? call : ObserveOther(ref ticket, call, method, cancellationToken);

    /// <summary>
    /// Watches a call that was not done yet, or failed, a moment ago; by now it may have succeeded. One that no circuit counts is handed
    /// through as it is.
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
            Judge<object?>(ref ticket, method, result: null);
            return call;
        }

        if (call is { IsFaulted: false, IsCanceled: false })
        {
            return CallWatch<NoResult>.Start(ticket, call, method, cancellationToken);
        }

        var error = ErrorOf(call);
        return Failed(ref ticket, error, method, cancellationToken)
            ? Task.FromException(Tripped(error))
            : call;
    }

    /// <inheritdoc cref="Observe(ref CallTicket, Task, ThriftMethod?, CancellationToken)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Task<T> Observe<T>(ref CallTicket ticket, Task<T> call, ThriftMethod? method, CancellationToken cancellationToken)
        => call.IsCompletedSuccessfully && IsDoneWith(ref ticket) ? call : ObserveOther(ref ticket, call, method, cancellationToken);

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
            Judge(ref ticket, method, call.Result);
#pragma warning restore CA1849
            return call;
        }

        if (call is { IsFaulted: false, IsCanceled: false })
        {
            return CallWatch<T>.Start(ticket, call, method, cancellationToken);
        }

        var error = ErrorOf(call);
        return Failed(ref ticket, error, method, cancellationToken)
            ? Task.FromException<T>(Tripped(error))
            : call;
    }

    /// <summary>The exception that awaiting this call would throw, which has ended without a result.</summary>
    internal static Exception ErrorOf(Task call)
    {
        if (call.Exception?.InnerException is { } failure)
        {
            return failure;
        }

        try
        {
            // Cancelled. Only await gives the exception that did it, which may know more: HttpClient hides its timeout there.
            call.GetAwaiter().GetResult();
            throw new UnreachableException();
        }
        catch (OperationCanceledException cancelled)
        {
            return cancelled;
        }
    }
}
