using BenchmarkDotNet.Attributes;
using Polly;
using Polly.CircuitBreaker;

namespace ThriftBreaker.Benchmarks.Contenders;

/// <summary>Measures one kind of call, directly and through each contender.</summary>
/// <typeparam name="TResult">The return type of the call.</typeparam>
[MemoryDiagnoser]
public abstract class BenchmarkRun<TResult>
{
    private readonly CircuitBreakerManualControl _control = new();
    private readonly IService _direct;
    private readonly IService _forwarding;
    private readonly IService _guarded;
    private readonly LockedService _locked;
    private readonly IService _proxy;
    private readonly IService _pollyState;
    private readonly IService _pollyClosure;

    /// <param name="service">The service.</param>
    protected BenchmarkRun(IService service)
    {
        var pipeline = PollyServices.With(_control);
        _direct = service;
        _forwarding = new ForwardingService(service);
        _guarded = new ServiceCircuitBreakerClient(service, CircuitBreaker);
        _locked = new LockedService(service);
        _proxy = BreakerProxy.CreateProxy(service, CircuitBreaker);
        _pollyState = new PollyStateService(service, pipeline);
        _pollyClosure = new PollyClosureService(service, pipeline);
    }

    /// <summary>Gets the circuit breaker of the generated client and of the proxy.</summary>
    protected CircuitBreaker CircuitBreaker { get; } = new(ServiceCircuitBreakerClient.DefaultOptions);

    [Benchmark]
    public TResult Direct() => Make(_direct);

    [Benchmark(Baseline = true)]
    public TResult Forwarding() => Make(_forwarding);

    [Benchmark]
    public TResult ThriftBreaker() => Make(_guarded);

    [Benchmark]
    public TResult HandWrittenLock() => Make(_locked);

    [Benchmark]
    public TResult DispatchProxy() => Make(_proxy);

    [Benchmark]
    public TResult PollyState() => Make(_pollyState);

    [Benchmark]
    public TResult PollyClosure() => Make(_pollyClosure);

    /// <summary>Makes the call.</summary>
    protected abstract TResult Make(IService service);

    /// <summary>Opens every circuit for the duration of the benchmark.</summary>
    protected void OpenAll()
    {
        CircuitBreaker.Open();
        _locked.Open();
        _control.IsolateAsync().GetAwaiter().GetResult();
    }
}
