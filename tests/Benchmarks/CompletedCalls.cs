using BenchmarkDotNet.Attributes;
using Polly;
using ThriftBreaker.Benchmarks.Contenders;

namespace ThriftBreaker.Benchmarks;

/// <summary>A healthy circuit and a call that has completed when it returns, as Task{T}: everybody's own cost and nothing else.</summary>
[MemoryDiagnoser]
public class CompletedCalls
{
    private readonly IService _direct = new ReadyService();
    private readonly IService _forwarding = new ForwardingService(new ReadyService());
    private readonly IService _guarded = new ServiceCircuitBreakerClient(new ReadyService());
    private readonly LockedService _locked = new(new ReadyService());
    private readonly IService _proxy = BreakerProxy.Around(new ReadyService());
    private readonly ResiliencePipeline _polly = Pollies.Closed();

    [Benchmark]
    public Task<int> Direct() => _direct.ValueLater(7);

    [Benchmark(Baseline = true)]
    public Task<int> Forwarding() => _forwarding.ValueLater(7);

    [Benchmark]
    public Task<int> ThriftBreaker() => _guarded.ValueLater(7);

    [Benchmark]
    public Task<int> HandWrittenLock() => _locked.ValueLater(7);

    [Benchmark]
    public Task<int> DispatchProxy() => _proxy.ValueLater(7);

    [Benchmark]
    public ValueTask<int> PollyState()
        => _polly.ExecuteAsync(static (service, _) => new ValueTask<int>(service.ValueLater(7)), _direct);

    [Benchmark]
    public ValueTask<int> PollyClosure()
    {
        var number = 7;
        return _polly.ExecuteAsync(async _ => await _direct.ValueLater(number).ConfigureAwait(false));
    }
}
