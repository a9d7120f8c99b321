namespace ThriftBreaker;

/// <summary>What becomes of a call when the circuits of all endpoints are open.</summary>
public enum AllOpenBehavior
{
    /// <summary>It is rejected with <see cref="CircuitOpenException"/>, which says when the first of them is due.</summary>
    Reject = 0,

    /// <summary>
    /// It is made all the same, to the endpoint that is due first, and no circuit counts it: that circuit closes by its own probe. Endpoints that
    /// are isolated by hand get none.
    /// </summary>
    TryNextAvailable = 1,
}
