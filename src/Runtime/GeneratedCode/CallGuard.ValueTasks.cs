using System.Runtime.CompilerServices;

namespace ThriftBreaker.GeneratedCode;

// Methods that return a value task, which may be consumed only once: by the caller, where a success is all there is to say.
public readonly partial struct CallGuard
{
    /// <inheritdoc cref="Observe(ref CallTicket, Task, ThriftMethod?, CancellationToken)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ValueTask Observe(ref CallTicket ticket, ValueTask call, ThriftMethod? method, CancellationToken cancellationToken)
        => call.IsCompletedSuccessfully && IsDoneWith(ref ticket) ? call : ObserveOther(ref ticket, call, method, cancellationToken);

    /// <inheritdoc cref="Observe(ref CallTicket, Task, ThriftMethod?, CancellationToken)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ValueTask<T> Observe<T>(ref CallTicket ticket, ValueTask<T> call, ThriftMethod? method, CancellationToken cancellationToken)
        => call.IsCompletedSuccessfully && IsDoneWith(ref ticket) ? call : ObserveOther(ref ticket, call, method, cancellationToken);

    /// <inheritdoc cref="ObserveOther(ref CallTicket, Task, ThriftMethod?, CancellationToken)"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask ObserveOther(ref CallTicket ticket, ValueTask call, ThriftMethod? method, CancellationToken cancellationToken)
    {
        if (ticket.CircuitBreaker is null)
        {
            return call;
        }

        if (!call.IsCompletedSuccessfully)
        {
            return ObserveToEnd(ticket, call, method, cancellationToken);
        }

        Judge<object?>(ref ticket, method, result: null);
        return call;
    }

    /// <inheritdoc cref="ObserveOther(ref CallTicket, Task, ThriftMethod?, CancellationToken)"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<T> ObserveOther<T>(ref CallTicket ticket, ValueTask<T> call, ThriftMethod? method, CancellationToken cancellationToken)
    {
        if (ticket.CircuitBreaker is null)
        {
            return call;
        }

        if (!call.IsCompletedSuccessfully)
        {
            return ObserveToEnd(ticket, call, method, cancellationToken);
        }

        // A classifier may want the result, which can be taken only once.
        var result = call.Result;
        Judge(ref ticket, method, result);
        return new(result);
    }

    [MethodImpl(MethodImplOptions.NoInlining), AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ObserveToEnd(CallTicket ticket, ValueTask call, ThriftMethod? method, CancellationToken cancellationToken)
    {
        try
        {
            await call.ConfigureAwait(false);
        }
        catch (Exception error) when (Failed(ref ticket, error, method, cancellationToken))
        {
            throw Tripped(error);
        }

        Returned(ref ticket, method);
    }

    [MethodImpl(MethodImplOptions.NoInlining), AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<T> ObserveToEnd<T>(CallTicket ticket, ValueTask<T> call, ThriftMethod? method, CancellationToken cancellationToken)
    {
        T result;
        try
        {
            result = await call.ConfigureAwait(false);
        }
        catch (Exception error) when (Failed(ref ticket, error, method, cancellationToken))
        {
            throw Tripped(error);
        }

        Returned(ref ticket, method, result);
        return result;
    }
}
