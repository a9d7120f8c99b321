using BenchmarkDotNet.Attributes;
using ThriftBreaker.Benchmarks.Contenders;

namespace ThriftBreaker.Benchmarks;

/// <summary>
/// Measures each trip rule on a closed circuit: one thread, then two with the same circuit breaker. Times are per call
/// of one thread.
/// </summary>
[MemoryDiagnoser]
public class Rules
{
    private const int Calls = 100_000;

    private static readonly IService Ready = new ReadyService();

    private readonly IService _forwarding = new ForwardingService(Ready);
    private readonly IService _consecutive = CreateClient(new CircuitBreakerOptions());
    private readonly IService _ratioOverTime = CreateClient(new CircuitBreakerOptions { FailureRatio = 0.5, MinimumThroughput = 100 });
    private readonly IService _ratioOverCalls = CreateClient(new CircuitBreakerOptions { FailureRatio = 0.5, SamplingCalls = 64 });
    private readonly IService _slowCalls = CreateClient(new CircuitBreakerOptions { SlowCallDuration = TimeSpan.FromSeconds(1), SlowCallRatio = 0.5, SamplingCalls = 64 });
    private readonly IService _locked = new LockedService(Ready);
    private readonly IService _proxy = BreakerProxy.CreateProxy(Ready, new CircuitBreaker());
    private readonly IService _pollyState = new PollyStateService(Ready, PollyServices.Closed());
    private readonly IService _pollyClosure = new PollyClosureService(Ready, PollyServices.Closed());

    [Params(1, 2)]
    public int Threads { get; set; } = 1;

    [Benchmark(OperationsPerInvoke = Calls)]
    public void Direct() => Run(Ready);

    [Benchmark(Baseline = true, OperationsPerInvoke = Calls)]
    public void Forwarding() => Run(_forwarding);

    [Benchmark(OperationsPerInvoke = Calls)]
    public void ConsecutiveFailures() => Run(_consecutive);

    [Benchmark(OperationsPerInvoke = Calls)]
    public void RatioOverCalls() => Run(_ratioOverCalls);

    [Benchmark(OperationsPerInvoke = Calls)]
    public void RatioOverTime() => Run(_ratioOverTime);

    [Benchmark(OperationsPerInvoke = Calls)]
    public void SlowCalls() => Run(_slowCalls);

    [Benchmark(OperationsPerInvoke = Calls)]
    public void HandWrittenLock() => Run(_locked);

    [Benchmark(OperationsPerInvoke = Calls)]
    public void DispatchProxy() => Run(_proxy);

    [Benchmark(OperationsPerInvoke = Calls)]
    public void PollyState() => Run(_pollyState);

    [Benchmark(OperationsPerInvoke = Calls)]
    public void PollyClosure() => Run(_pollyClosure);

    private static ServiceCircuitBreakerClient CreateClient(CircuitBreakerOptions options) => new(Ready, new CircuitBreaker(options));

    private void Run(IService service)
    {
        if (Threads == 1)
        {
            Loop(service);
            return;
        }

        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, _ => Loop(service));
    }

    private static void Loop(IService service)
    {
        for (var made = 0; made < Calls; made++)
        {
            _ = service.ValueLater(7);
        }
    }
}
