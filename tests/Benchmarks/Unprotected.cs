using Circuit.Example;

namespace ThriftBreaker.Benchmarks;

/// <summary>Creates clients whose circuit breaker is disabled, to measure a channel alone.</summary>
internal static class Unprotected
{
    public static MyService.CircuitBreakerClient Connect(ThriftChannel channel)
        => MyService.CircuitBreakerClient.Connect(channel, new CircuitBreaker(new() { Mode = CircuitMode.Disabled }));
}
