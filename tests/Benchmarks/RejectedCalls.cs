using ThriftBreaker.Benchmarks.Contenders;

namespace ThriftBreaker.Benchmarks;

/// <summary>An open circuit, as its caller awaits it; the calls that nobody guards succeed.</summary>
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
#pragma warning disable CA1031 // Everybody has an exception of its own.
        catch (Exception)
#pragma warning restore CA1031
        {
            return 0;
        }
    }
}
