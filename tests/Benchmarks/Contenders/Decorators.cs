using System.Reflection;
using System.Runtime.CompilerServices;

namespace ThriftBreaker.Benchmarks.Contenders;

/// <summary>Does nothing but forward: what any decorator costs at least.</summary>
internal sealed class ForwardingService(IService inner) : IService
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Run() => inner.Run();

    [MethodImpl(MethodImplOptions.NoInlining)]
    public int Value(int number) => inner.Value(number);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public Task Later() => inner.Later();

    [MethodImpl(MethodImplOptions.NoInlining)]
    public Task<int> ValueLater(int number) => inner.ValueLater(number);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask Soon() => inner.Soon();

    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<int> ValueSoon(int number) => inner.ValueSoon(number);
}

/// <summary>The breaker that teams write by hand: a lock, a counter, async and await.</summary>
internal sealed class LockedService(IService inner)
{
    private const int FailMax = 1_000_000;
    private static readonly TimeSpan ResetTimeout = TimeSpan.FromHours(1);
    private readonly Lock _lock = new();
    private int _failures;
    private DateTime _openUntil = DateTime.MinValue;

    public async Task<int> ValueLater(int number)
    {
        lock (_lock)
        {
            if (_failures >= FailMax && DateTime.UtcNow < _openUntil)
            {
                throw new InvalidOperationException("open");
            }
        }

        try
        {
            var result = await inner.ValueLater(number).ConfigureAwait(false);
            lock (_lock)
            {
                _failures = 0;
            }

            return result;
        }
        catch
        {
            lock (_lock)
            {
                if (++_failures >= FailMax)
                {
                    _openUntil = DateTime.UtcNow + ResetTimeout;
                }
            }

            throw;
        }
    }
}

/// <summary>The same breaker as ours behind a proxy that is made at run time.</summary>
public class BreakerProxy : DispatchProxy
{
    private readonly CircuitBreaker _breaker = new();
    private IService _inner = null!;

    public static IService Around(IService inner)
    {
        var proxy = Create<IService, BreakerProxy>();
        ((BreakerProxy)(object)proxy)._inner = inner;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (!_breaker.TryEnter(out var ticket))
        {
            throw new CircuitOpenException(_breaker);
        }

        var result = targetMethod!.Invoke(_inner, args);
        ticket.Complete(CallOutcome.Success);
        return result;
    }
}
