using System.Runtime.CompilerServices;

namespace ThriftBreaker.Benchmarks.Contenders;

/// <summary>Forwards each call: the minimum cost of any decorator.</summary>
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
