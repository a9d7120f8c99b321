namespace ThriftBreaker;

/// <summary>Specifies how many circuit breakers a service gets.</summary>
public enum CircuitBreakerScope
{
    /// <summary>One circuit breaker for all methods: a server that is down is down for all of them.</summary>
    Service = 0,

    /// <summary>One circuit breaker for each method: failures of one method do not affect the others.</summary>
    Method = 1,
}
