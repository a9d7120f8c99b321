using System.Runtime.CompilerServices;

namespace ThriftBreaker.Calls;

// Methods that return a value task, which may be consumed only once: what the caller gets is a new one.
public readonly partial struct CallGuard
{
    /// <inheritdoc cref="Observe(ref CallTicket, Task, MethodContract?, CancellationToken)"/>
    public ValueTask Observe(ref CallTicket ticket, ValueTask call, MethodContract? method, CancellationToken cancellationToken)
    {
        if (!call.IsCompletedSuccessfully)
        {
            return ObserveOther(ref ticket, call, method, cancellationToken);
        }

#pragma warning disable CA1849 // It has completed: nothing blocks, and a pooled source wants its result to be taken.
        call.GetAwaiter().GetResult();
#pragma warning restore CA1849
        Returned(ref ticket, method);
        return default;
    }

    /// <inheritdoc cref="Observe(ref CallTicket, Task, MethodContract?, CancellationToken)"/>
    public ValueTask<T> Observe<T>(ref CallTicket ticket, ValueTask<T> call, MethodContract? method, CancellationToken cancellationToken)
    {
        if (!call.IsCompletedSuccessfully)
        {
            return ObserveOther(ref ticket, call, method, cancellationToken);
        }

        var result = call.Result;
        Returned(ref ticket, method, result);
        return new(result);
    }

    /// <summary>Out of line, with the ticket by reference: copied for the watch in the frame of every call, it costs more than the rest.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask ObserveOther(ref CallTicket ticket, ValueTask call, MethodContract? method, CancellationToken cancellationToken)
        => ticket.Breaker is null ? call : ObserveToEnd(ticket, call, method, cancellationToken);

    /// <inheritdoc cref="ObserveOther(ref CallTicket, ValueTask, MethodContract?, CancellationToken)"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<T> ObserveOther<T>(ref CallTicket ticket, ValueTask<T> call, MethodContract? method, CancellationToken cancellationToken)
        => ticket.Breaker is null ? call : ObserveToEnd(ticket, call, method, cancellationToken);

    [MethodImpl(MethodImplOptions.NoInlining), AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ObserveToEnd(CallTicket ticket, ValueTask call, MethodContract? method, CancellationToken cancellationToken)
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
    private async ValueTask<T> ObserveToEnd<T>(CallTicket ticket, ValueTask<T> call, MethodContract? method, CancellationToken cancellationToken)
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
