using Polly;
using Polly.CircuitBreaker;

namespace ThriftBreaker.Benchmarks.Contenders;

/// <summary>
/// Polly 8's breaker. It has no rule for failures in a row: it always keeps a rolling window, takes a lock and reads the
/// clock, which its figures include. Compare it with our ratio rule too.
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
