using BenchmarkDotNet.Attributes;
using Polly;
using Polly.CircuitBreaker;
using ThriftBreaker.Benchmarks.Contenders;

namespace ThriftBreaker.Benchmarks;

/// <summary>An open circuit.</summary>
[MemoryDiagnoser]
public class RejectedCalls
{
    private readonly IService _service = new ReadyService();
    private readonly CircuitBreaker _breaker = new();
    private readonly IService _guarded;
    private readonly ResiliencePipeline _polly = Pollies.Isolated();
    private readonly ResilienceContext _context = ResilienceContextPool.Shared.Get();

    public RejectedCalls()
    {
        _guarded = new ServiceCircuitBreakerClient(_service, _breaker);
        _breaker.Open();
    }

    [Benchmark(Baseline = true), BenchmarkCategory("awaited")]
    public async Task<int> PollyState()
    {
        try
        {
            return await _polly.ExecuteAsync(static (service, _) => new ValueTask<int>(service.ValueLater(7)), _service).ConfigureAwait(false);
        }
        catch (BrokenCircuitException)
        {
            return 0;
        }
    }

    [Benchmark, BenchmarkCategory("awaited")]
    public async Task<int> ThriftBreaker()
    {
        try
        {
            return await _guarded.ValueLater(7).ConfigureAwait(false);
        }
        catch (CircuitOpenException)
        {
            return 0;
        }
    }

    [Benchmark(Baseline = true), BenchmarkCategory("nobody throws")]
    public ValueTask<Outcome<int>> PollyOutcome()
        => _polly.ExecuteOutcomeAsync(static async (_, service) => Outcome.FromResult(await service.ValueLater(7).ConfigureAwait(false)), _context, _service);

    [Benchmark, BenchmarkCategory("nobody throws")]
    public bool TryEnter() => _breaker.TryEnter(out _);

    [Benchmark, BenchmarkCategory("nobody throws")]
    public bool IsRejecting() => _breaker.IsRejecting;

    [Benchmark, BenchmarkCategory("nobody throws")]
    public bool FaultedTaskNotAwaited() => _guarded.ValueLater(7).IsFaulted;
}
