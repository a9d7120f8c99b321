using System.Runtime.CompilerServices;

namespace ThriftBreaker;

// Methods that return a value task. It may be consumed only once: on a healthy circuit, by the caller.
internal readonly partial struct CallGuard
{
    /// <inheritdoc cref="Observe(ref CallTicket, Task, ThriftMethod?, CancellationToken)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ValueTask Observe(ref CallTicket ticket, ValueTask call, ThriftMethod? method, CancellationToken cancellationToken)
        => call.IsCompletedSuccessfully && CallOutcomeRecorder.TryRecordHealthy(ref ticket) ? call : ObserveOther(ref ticket, call, method, cancellationToken);

    /// <inheritdoc cref="Observe(ref CallTicket, Task, ThriftMethod?, CancellationToken)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ValueTask<T> Observe<T>(ref CallTicket ticket, ValueTask<T> call, ThriftMethod? method, CancellationToken cancellationToken)
        => call.IsCompletedSuccessfully && CallOutcomeRecorder.TryRecordHealthy(ref ticket) ? call : ObserveOther(ref ticket, call, method, cancellationToken);

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
            ticket.EndScope();
            return ObserveToEnd(ticket, call, method, cancellationToken);
        }

        CallOutcomeRecorder.RecordReturn<NoResult?>(_circuitBreaker, ref ticket, method, result: null, isMeasured: true);
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
            ticket.EndScope();
            return ObserveToEnd(ticket, call, method, cancellationToken);
        }

        // A classifier may need the result, which can be read only once.
        var result = call.Result;
        CallOutcomeRecorder.RecordReturn(_circuitBreaker, ref ticket, method, result, isMeasured: true);
        return new(result);
    }

    [MethodImpl(MethodImplOptions.NoInlining), AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ObserveToEnd(CallTicket ticket, ValueTask call, ThriftMethod? method, CancellationToken cancellationToken)
    {
        try
        {
            await call.ConfigureAwait(false);
        }
        catch (Exception error)
        {
            Threw(ref ticket, error, method, cancellationToken);
            throw;
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
        catch (Exception error)
        {
            Threw(ref ticket, error, method, cancellationToken);
            throw;
        }

        Returned(ref ticket, method, result);
        return result;
    }
}
