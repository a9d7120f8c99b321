using ThriftBreaker.Calls;

namespace ThriftBreaker;

/// <summary>What becomes of a call when no endpoint admits one.</summary>
internal static class AllOpen
{
    /// <summary>The right to make it all the same; false when the endpoint has left the list at this moment.</summary>
    /// <exception cref="CircuitOpenException">It is rejected.</exception>
    public static bool TryTakeTurn(ChannelEndpoint[] endpoints, AllOpenPolicy policy, out EndpointTurn turn)
    {
        var first = endpoints.MinBy(static endpoint => (endpoint.Breaker.RetryAfter ?? TimeSpan.MaxValue, endpoint.CallsUnderWay))!;
        if (policy == AllOpenPolicy.TryDueFirst && first.Breaker.Mode != CircuitMode.Isolated)
        {
            return first.TryTakeTurnUnasked(out turn);
        }

        _ = CallGuard.TurnAway(first.Breaker);
        throw CircuitOpenException.OfAll(endpoints.Length, first.Breaker);
    }
}
