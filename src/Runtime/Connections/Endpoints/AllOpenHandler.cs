namespace ThriftBreaker;

/// <summary>Applies the <see cref="AllOpenBehavior"/> to a call when no endpoint accepts calls.</summary>
internal static class AllOpenHandler
{
    /// <summary>
    /// Begins the call at the next available endpoint. Returns false if this endpoint has just been removed.
    /// </summary>
    /// <exception cref="CircuitOpenException">The call is rejected.</exception>
    public static bool TryBeginCall(ChannelEndpoint[] endpoints, AllOpenBehavior behavior, out EndpointCall call)
    {
        var next = endpoints.MinBy(static endpoint => (endpoint.CircuitBreaker.RetryAfter ?? TimeSpan.MaxValue, endpoint.ActiveCalls))!;
        if (behavior == AllOpenBehavior.TryNextAvailable && next.CircuitBreaker.Mode != CircuitMode.Isolated)
        {
            return next.TryBeginUncountedCall(out call);
        }

        _ = CallGuard.TraceRejection(next.CircuitBreaker);
        throw CircuitOpenException.CreateForAllEndpoints(endpoints.Length, next.CircuitBreaker);
    }
}
