using BenchmarkDotNet.Attributes;
using Polly;
using ThriftBreaker.Benchmarks.Contenders;

namespace ThriftBreaker.Benchmarks;

/// <summary>Failures on a closed circuit, as their callers await them.</summary>
[MemoryDiagnoser]
public class FailedCalls
{
    private const int Calls = 1_000;

    private readonly FailingService _failing = new();
    private readonly PendingService _pending = new();
    private readonly CircuitBreaker _breaker = new(ServiceCircuitBreakerClient.DefaultOptions);
    private readonly IService _guardedFailing;
    private readonly IService _guardedPending;
    private readonly ResiliencePipeline _polly = Pollies.Closed();

    public FailedCalls()
    {
        _guardedFailing = new ServiceCircuitBreakerClient(_failing, _breaker);
        _guardedPending = new ServiceCircuitBreakerClient(_pending, _breaker);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Calls), BenchmarkCategory("faulted")]
    public Task<int> Direct() => Await(static state => state._failing.ValueLater(7));

    [Benchmark(OperationsPerInvoke = Calls), BenchmarkCategory("faulted")]
    public Task<int> ThriftBreaker()
    {
        // The count must not reach FailMax, however long this runs.
        _breaker.Close();
        return Await(static state => state._guardedFailing.ValueLater(7));
    }

    [Benchmark(OperationsPerInvoke = Calls), BenchmarkCategory("faulted")]
    public Task<int> PollyState() => Await(static state
        => state._polly.ExecuteAsync(static (service, _) => new ValueTask<int>(service.ValueLater(7)), state._failing).AsTask());

    [Benchmark(Baseline = true, OperationsPerInvoke = Calls), BenchmarkCategory("pending")]
    public Task<int> PendingDirect() => Await(static state => state.Failed(state._pending.ValueLater(7)));

    [Benchmark(OperationsPerInvoke = Calls), BenchmarkCategory("pending")]
    public Task<int> PendingWatchThatOnlyForwards() => Await(static state => state.Failed(ForwardingWatch.Start(state._pending.ValueLater(7))));

    [Benchmark(OperationsPerInvoke = Calls), BenchmarkCategory("pending")]
    public Task<int> PendingThriftBreaker()
    {
        _breaker.Close();
        return Await(static state => state.Failed(state._guardedPending.ValueLater(7)));
    }

    [Benchmark(OperationsPerInvoke = Calls), BenchmarkCategory("pending")]
    public Task<int> PendingPollyState() => Await(static state => state.Failed(
        state._polly.ExecuteAsync(static (service, _) => new ValueTask<int>(service.ValueLater(7)), state._pending).AsTask()));

    private async Task<int> Await(Func<FailedCalls, Task<int>> make)
    {
        var failures = 0;
        for (var call = 0; call < Calls; call++)
        {
            try
            {
                await make(this).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                failures++;
            }
        }

        return failures;
    }

    private Task<int> Failed(Task<int> call)
    {
        _pending.Fail(new TimeoutException());
        return call;
    }
}
