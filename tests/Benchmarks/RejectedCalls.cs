using ThriftBreaker.Benchmarks.Contenders;

namespace ThriftBreaker.Benchmarks;

/// <summary>Measures awaited calls on an open circuit. The contenders without a circuit breaker succeed.</summary>
public class RejectedCalls : BenchmarkRun<Task<int>>
{
    public RejectedCalls()
        : base(new ReadyService()) => OpenAll();

    protected override async Task<int> Make(IService service)
    {
        try
        {
            return await service.ValueLater(7).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Each contender throws another exception.
        catch (Exception)
#pragma warning restore CA1031
        {
            return 0;
        }
    }
}
