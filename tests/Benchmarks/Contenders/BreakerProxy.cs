using System.Reflection;

namespace ThriftBreaker.Benchmarks.Contenders;

/// <summary>ThriftBreaker's circuit breaker behind a proxy that is created at run time.</summary>
public class BreakerProxy : DispatchProxy
{
    private CircuitBreaker _breaker = null!;
    private IService _inner = null!;

    public static IService CreateProxy(IService inner, CircuitBreaker breaker)
    {
        var proxy = Create<IService, BreakerProxy>();
        (((BreakerProxy)(object)proxy)._inner, ((BreakerProxy)(object)proxy)._breaker) = (inner, breaker);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (!_breaker.TryEnter(out var ticket))
        {
            throw new CircuitOpenException(_breaker);
        }

        object? result;
        try
        {
            result = targetMethod!.Invoke(_inner, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
        }
        catch (Exception error)
        {
            ticket.Complete(CallOutcome.Failure, error);
            throw;
        }

        switch (result)
        {
            case Task<int> { IsCompletedSuccessfully: false } call:
                return Watch(call, ticket);

            case ValueTask<int> { IsCompletedSuccessfully: false } call:
                return new ValueTask<int>(Watch(call.AsTask(), ticket));

            default:
                ticket.Complete(CallOutcome.Success);
                return result;
        }
    }

    private static async Task<int> Watch(Task<int> call, CallTicket ticket)
    {
        try
        {
            var result = await call.ConfigureAwait(false);
            ticket.Complete(CallOutcome.Success);
            return result;
        }
        catch (Exception error)
        {
            ticket.Complete(CallOutcome.Failure, error);
            throw;
        }
    }
}
