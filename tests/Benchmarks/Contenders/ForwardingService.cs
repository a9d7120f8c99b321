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
