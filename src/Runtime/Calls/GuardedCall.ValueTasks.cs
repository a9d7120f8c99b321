using System.Runtime.CompilerServices;

namespace ThriftBreaker.Calls;

// Methods that return a value task, which may be consumed only once: what the caller gets is a new one.
public static partial class GuardedCall
{
    /// <inheritdoc cref="Observe(CircuitBreaker, ref CallTicket, Task, MethodContract?, CancellationToken)"/>
    public static ValueTask Observe(
        CircuitBreaker breaker, ref CallTicket ticket, ValueTask call, MethodContract? method, CancellationToken cancellationToken)
    {
        if (!call.IsCompletedSuccessfully)
        {
            return ObserveOther(breaker, ref ticket, call, method, cancellationToken);
        }

#pragma warning disable CA1849 // It has completed: nothing blocks, and a pooled source wants its result to be taken.
        call.GetAwaiter().GetResult();
#pragma warning restore CA1849
        Returned(ref ticket, method);
        return default;
    }

    /// <inheritdoc cref="Observe(CircuitBreaker, ref CallTicket, Task, MethodContract?, CancellationToken)"/>
    public static ValueTask<T> Observe<T>(
        CircuitBreaker breaker, ref CallTicket ticket, ValueTask<T> call, MethodContract? method, CancellationToken cancellationToken)
    {
        if (!call.IsCompletedSuccessfully)
        {
            return ObserveOther(breaker, ref ticket, call, method, cancellationToken);
        }

        var result = call.Result;
        Returned(ref ticket, method, result);
        return new(result);
    }

    /// <summary>Out of line, with the ticket by reference: copied for the watch in the frame of every call, it costs more than the rest.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask ObserveOther(
        CircuitBreaker breaker, ref CallTicket ticket, ValueTask call, MethodContract? method, CancellationToken cancellationToken)
        => ticket.Breaker is null ? call : ObserveToEnd(breaker, ticket, call, method, cancellationToken);

    /// <inheritdoc cref="ObserveOther(CircuitBreaker, ref CallTicket, ValueTask, MethodContract?, CancellationToken)"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask<T> ObserveOther<T>(
        CircuitBreaker breaker, ref CallTicket ticket, ValueTask<T> call, MethodContract? method, CancellationToken cancellationToken)
        => ticket.Breaker is null ? call : ObserveToEnd(breaker, ticket, call, method, cancellationToken);

    [MethodImpl(MethodImplOptions.NoInlining), AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask ObserveToEnd(
        CircuitBreaker breaker, CallTicket ticket, ValueTask call, MethodContract? method, CancellationToken cancellationToken)
    {
        try
        {
            await call.ConfigureAwait(false);
        }
        catch (Exception error) when (Failed(breaker, ref ticket, error, method, cancellationToken))
        {
            throw Tripped(breaker, error);
        }

        Returned(ref ticket, method);
    }

    [MethodImpl(MethodImplOptions.NoInlining), AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<T> ObserveToEnd<T>(
        CircuitBreaker breaker, CallTicket ticket, ValueTask<T> call, MethodContract? method, CancellationToken cancellationToken)
    {
        T result;
        try
        {
            result = await call.ConfigureAwait(false);
        }
        catch (Exception error) when (Failed(breaker, ref ticket, error, method, cancellationToken))
        {
            throw Tripped(breaker, error);
        }

        Returned(ref ticket, method, result);
        return result;
    }
}
