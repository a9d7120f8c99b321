using BenchmarkDotNet.Attributes;
using ThriftBreaker.Benchmarks.Contenders;

namespace ThriftBreaker.Benchmarks;

/// <summary>The same for every shape of method, against a decorator that only forwards.</summary>
[MemoryDiagnoser]
public class CompletedShapes
{
    private readonly IService _forwarding = new ForwardingService(new ReadyService());
    private readonly IService _guarded = new ServiceCircuitBreakerClient(new ReadyService());

    [Benchmark(Baseline = true), BenchmarkCategory("void")]
    public void VoidForwarding() => _forwarding.Run();

    [Benchmark, BenchmarkCategory("void")]
    public void VoidGuarded() => _guarded.Run();

    [Benchmark(Baseline = true), BenchmarkCategory("T")]
    public int ValueForwarding() => _forwarding.Value(7);

    [Benchmark, BenchmarkCategory("T")]
    public int ValueGuarded() => _guarded.Value(7);

    [Benchmark(Baseline = true), BenchmarkCategory("Task")]
    public Task TaskForwarding() => _forwarding.Later();

    [Benchmark, BenchmarkCategory("Task")]
    public Task TaskGuarded() => _guarded.Later();

    [Benchmark(Baseline = true), BenchmarkCategory("Task<T>")]
    public Task<int> TaskOfTForwarding() => _forwarding.ValueLater(7);

    [Benchmark, BenchmarkCategory("Task<T>")]
    public Task<int> TaskOfTGuarded() => _guarded.ValueLater(7);

    [Benchmark(Baseline = true), BenchmarkCategory("ValueTask")]
    public ValueTask ValueTaskForwarding() => _forwarding.Soon();

    [Benchmark, BenchmarkCategory("ValueTask")]
    public ValueTask ValueTaskGuarded() => _guarded.Soon();

    [Benchmark(Baseline = true), BenchmarkCategory("ValueTask<T>")]
    public ValueTask<int> ValueTaskOfTForwarding() => _forwarding.ValueSoon(7);

    [Benchmark, BenchmarkCategory("ValueTask<T>")]
    public ValueTask<int> ValueTaskOfTGuarded() => _guarded.ValueSoon(7);
}
