namespace ThriftBreaker;

// Where telemetry finds its circuits. The breaker only declares the hook: it would compile, and cost nothing, without this file.
public sealed partial class CircuitBreaker
{
    partial void Created() => CircuitBreakerInstances.Add(this);
}
