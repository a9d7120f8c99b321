using BenchmarkDotNet.Attributes;
using Polly;
using ThriftBreaker.Benchmarks.Contenders;

namespace ThriftBreaker.Benchmarks;

/// <summary>A call that completes later, on a healthy circuit.</summary>
[MemoryDiagnoser]
public class PendingCalls
{
    private readonly PendingService _service = new();
    private readonly IService _guarded;
    private readonly ResiliencePipeline _polly = Pollies.Closed();

    public PendingCalls() => _guarded = new ServiceCircuitBreakerClient(_service);

    [Benchmark(Baseline = true), BenchmarkCategory("Task<T>")]
    public Task<int> Direct() => Answered(_service.ValueLater(7));

    [Benchmark, BenchmarkCategory("Task<T>")]
    public Task<int> WatchThatOnlyForwards() => Answered(ForwardingWatch.Start(_service.ValueLater(7)));

    [Benchmark, BenchmarkCategory("Task<T>")]
    public Task<int> ThriftBreaker() => Answered(_guarded.ValueLater(7));

    [Benchmark, BenchmarkCategory("Task<T>")]
    public ValueTask<int> PollyState()
    {
        var call = _polly.ExecuteAsync(static (service, _) => new ValueTask<int>(service.ValueLater(7)), _service);
        _service.Answer();
        return call;
    }

    [Benchmark(Baseline = true), BenchmarkCategory("ValueTask<T>")]
    public ValueTask<int> ValueTaskDirect() => Answered(_service.ValueSoon(7));

    [Benchmark, BenchmarkCategory("ValueTask<T>")]
    public ValueTask<int> ValueTaskThriftBreaker() => Answered(_guarded.ValueSoon(7));

    private Task<int> Answered(Task<int> call)
    {
        _service.Answer();
        return call;
    }

    private ValueTask<int> Answered(ValueTask<int> call)
    {
        _service.Answer();
        return call;
    }
}
