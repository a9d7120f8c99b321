using BenchmarkDotNet.Attributes;
using Polly;
using ThriftBreaker.Benchmarks.Contenders;

namespace ThriftBreaker.Benchmarks;

/// <summary>The same for every shape of method, against a decorator that only forwards and Polly with a state.</summary>
[MemoryDiagnoser]
public class CompletedShapes
{
    private readonly IService _forwarding = new ForwardingService(new ReadyService());
    private readonly IService _service = new ReadyService();
    private readonly ResiliencePipeline _polly = Pollies.Closed();
    private readonly IService _guarded = new ServiceCircuitBreakerClient(new ReadyService());

    [Benchmark(Baseline = true), BenchmarkCategory("void")]
    public void VoidForwarding() => _forwarding.Run();

    [Benchmark, BenchmarkCategory("void")]
    public void VoidGuarded() => _guarded.Run();

    [Benchmark, BenchmarkCategory("void")]
    public void VoidPolly() => _polly.Execute(static service => service.Run(), _service);

    [Benchmark(Baseline = true), BenchmarkCategory("T")]
    public int ValueForwarding() => _forwarding.Value(7);

    [Benchmark, BenchmarkCategory("T")]
    public int ValueGuarded() => _guarded.Value(7);

    [Benchmark, BenchmarkCategory("T")]
    public int ValuePolly() => _polly.Execute(static service => service.Value(7), _service);

    [Benchmark(Baseline = true), BenchmarkCategory("Task")]
    public Task TaskForwarding() => _forwarding.Later();

    [Benchmark, BenchmarkCategory("Task")]
    public Task TaskGuarded() => _guarded.Later();

    [Benchmark, BenchmarkCategory("Task")]
    public ValueTask TaskPolly() => _polly.ExecuteAsync(static (service, _) => new ValueTask(service.Later()), _service);

    [Benchmark(Baseline = true), BenchmarkCategory("Task<T>")]
    public Task<int> TaskOfTForwarding() => _forwarding.ValueLater(7);

    [Benchmark, BenchmarkCategory("Task<T>")]
    public Task<int> TaskOfTGuarded() => _guarded.ValueLater(7);

    [Benchmark, BenchmarkCategory("Task<T>")]
    public ValueTask<int> TaskOfTPolly() => _polly.ExecuteAsync(static (service, _) => new ValueTask<int>(service.ValueLater(7)), _service);

    [Benchmark(Baseline = true), BenchmarkCategory("ValueTask")]
    public ValueTask ValueTaskForwarding() => _forwarding.Soon();

    [Benchmark, BenchmarkCategory("ValueTask")]
    public ValueTask ValueTaskGuarded() => _guarded.Soon();

    [Benchmark, BenchmarkCategory("ValueTask")]
    public ValueTask ValueTaskPolly() => _polly.ExecuteAsync(static (service, _) => service.Soon(), _service);

    [Benchmark(Baseline = true), BenchmarkCategory("ValueTask<T>")]
    public ValueTask<int> ValueTaskOfTForwarding() => _forwarding.ValueSoon(7);

    [Benchmark, BenchmarkCategory("ValueTask<T>")]
    public ValueTask<int> ValueTaskOfTGuarded() => _guarded.ValueSoon(7);

    [Benchmark, BenchmarkCategory("ValueTask<T>")]
    public ValueTask<int> ValueTaskOfTPolly() => _polly.ExecuteAsync(static (service, _) => service.ValueSoon(7), _service);
}
