using BenchmarkDotNet.Attributes;
using Polly;
using ThriftBreaker.Benchmarks.Contenders;

namespace ThriftBreaker.Benchmarks;

/// <summary>What each rule costs on a healthy circuit: one thread, then two on the same breaker. Times are per call of one thread.</summary>
[MemoryDiagnoser]
public class Rules
{
    private const int Calls = 100_000;

    private readonly IService _service = new ReadyService();
    private readonly IService _inARow = With(new CircuitBreakerOptions());
    private readonly IService _overTime = With(new CircuitBreakerOptions { FailureRatio = 0.5, MinimumThroughput = 100 });
    private readonly IService _overCalls = With(new CircuitBreakerOptions { FailureRatio = 0.5, SamplingCalls = 64 });
    private readonly IService _slow = With(new CircuitBreakerOptions { SlowCallThreshold = TimeSpan.FromSeconds(1), SlowCallRatio = 0.5, SamplingCalls = 64 });
    private readonly LockedService _locked = new(new ReadyService());
    private readonly ResiliencePipeline _polly = Pollies.Closed();

    [Params(1, 2)]
    public int Threads { get; set; }

    [Benchmark(Baseline = true, OperationsPerInvoke = Calls)]
    public void FailuresInARow() => Run(_inARow, static client => client.ValueLater(7));

    [Benchmark(OperationsPerInvoke = Calls)]
    public void RatioOverTime() => Run(_overTime, static client => client.ValueLater(7));

    [Benchmark(OperationsPerInvoke = Calls)]
    public void RatioOverCalls() => Run(_overCalls, static client => client.ValueLater(7));

    [Benchmark(OperationsPerInvoke = Calls)]
    public void SlowCalls() => Run(_slow, static client => client.ValueLater(7));

    [Benchmark(OperationsPerInvoke = Calls)]
    public void HandWrittenLock() => Run(_locked, static client => client.ValueLater(7));

    [Benchmark(OperationsPerInvoke = Calls)]
    public void PollyRatio() => Run(
        (_polly, _service),
        static both => both._polly.ExecuteAsync(static (service, _) => new ValueTask<int>(service.ValueLater(7)), both._service).AsTask());

    private static ServiceCircuitBreakerClient With(CircuitBreakerOptions options) => new(new ReadyService(), new CircuitBreaker(options));

    private void Run<TClient>(TClient client, Func<TClient, Task<int>> call)
    {
        if (Threads == 1)
        {
            Loop(client, call);
            return;
        }

        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, _ => Loop(client, call));
    }

    private static void Loop<TClient>(TClient client, Func<TClient, Task<int>> call)
    {
        for (var made = 0; made < Calls; made++)
        {
            _ = call(client);
        }
    }
}
