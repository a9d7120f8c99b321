namespace ThriftBreaker;

/// <summary>How many circuits a marked service gets.</summary>
public enum CircuitBreakerScope
{
    /// <summary>One circuit for all methods: when the server is down, it is down for all of them.</summary>
    Service = 0,

    /// <summary>One circuit for each method: one that fails for a reason of its own leaves the others alone.</summary>
    Method = 1,
}
