namespace ThriftBreaker;

/// <summary>What becomes of a call when no endpoint admits one.</summary>
internal static class AllOpen
{
    /// <summary>The right to make it all the same; false when the endpoint has left the list at this moment.</summary>
    /// <exception cref="CircuitOpenException">It is rejected.</exception>
    public static bool TryTakeTurn(ChannelEndpoint[] endpoints, AllOpenBehavior policy, out EndpointCall turn)
    {
        var first = endpoints.MinBy(static endpoint => (endpoint.CircuitBreaker.RetryAfter ?? TimeSpan.MaxValue, endpoint.ActiveCalls))!;
        if (policy == AllOpenBehavior.TryNextAvailable && first.CircuitBreaker.Mode != CircuitMode.Isolated)
        {
            return first.TryTakeTurnUnasked(out turn);
        }

        _ = CallGuard.TraceRejection(first.CircuitBreaker);
        throw CircuitOpenException.OfAll(endpoints.Length, first.CircuitBreaker);
    }
}
