using BenchmarkDotNet.Attributes;
using Polly;
using ThriftBreaker.Benchmarks.Contenders;

namespace ThriftBreaker.Benchmarks;

/// <summary>Measures rejections on an open circuit that throw no exception.</summary>
[MemoryDiagnoser]
public class RejectedWithoutThrowing
{
    private readonly IService _service = new ReadyService();
    private readonly CircuitBreaker _breaker = new();
    private readonly IService _guarded;
    private readonly ResiliencePipeline _polly = PollyServices.With(new(isIsolated: true));
    private readonly ResilienceContext _context = ResilienceContextPool.Shared.Get();

    public RejectedWithoutThrowing()
    {
        _guarded = new ServiceCircuitBreakerClient(_service, _breaker);
        _breaker.Open();
    }

    [Benchmark(Baseline = true)]
    public ValueTask<Outcome<int>> PollyOutcome()
        => _polly.ExecuteOutcomeAsync(static async (_, service) => Outcome.FromResult(await service.ValueLater(7).ConfigureAwait(false)), _context, _service);

    [Benchmark]
    public bool TryEnter() => _breaker.TryEnter(out _);

    [Benchmark]
    public bool IsRejecting() => _breaker.IsRejecting;

    [Benchmark]
    public bool FaultedTaskNotAwaited() => _guarded.ValueLater(7).IsFaulted;
}
