using Polly;
using Polly.CircuitBreaker;

namespace ThriftBreaker.Benchmarks.Contenders;

/// <summary>
/// Creates the circuit breaker of Polly 8. It has no rule for consecutive failures: its times include a rolling window,
/// a lock and a read of the clock. Compare it with the ratio rule of ThriftBreaker too.
/// </summary>
internal static class PollyServices
{
    public static ResiliencePipeline Closed() => With(new CircuitBreakerManualControl());

    public static ResiliencePipeline With(CircuitBreakerManualControl control) => new ResiliencePipelineBuilder()
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = 1,
            MinimumThroughput = int.MaxValue,
            SamplingDuration = TimeSpan.FromSeconds(30),
            BreakDuration = TimeSpan.FromHours(1),
            ManualControl = control,
        })
        .Build();
}
