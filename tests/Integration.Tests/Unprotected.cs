using Circuit.Calculators;

namespace ThriftBreaker.Integration.Tests;

/// <summary>Creates clients whose circuit breaker is disabled, for tests of channels alone.</summary>
internal static class Unprotected
{
    public static Calculator.CircuitBreakerClient Connect(ThriftChannel channel)
        => Calculator.CircuitBreakerClient.Connect(channel, new CircuitBreaker(new() { Mode = CircuitMode.Disabled }));
}
