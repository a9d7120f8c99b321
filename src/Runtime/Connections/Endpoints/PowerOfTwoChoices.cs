namespace ThriftBreaker;

/// <summary>
/// Selects the endpoint for a call: the one with fewer in-flight calls of two drawn at random. Each call in flight at
/// an endpoint that is several times slower counts as several. The distribution is nearly as even as with a comparison
/// of all endpoints, and concurrent callers do not all select the same one (Mitzenmacher, "The power of two choices in
/// randomized load balancing").
/// </summary>
internal static class PowerOfTwoChoices
{
    /// <summary>
    /// The number of unsuccessful draws before all endpoints are examined, and before an endpoint in its slow start is
    /// selected nevertheless.
    /// </summary>
    private const int MaxDraws = 8;

    /// <summary>Selects an endpoint that accepts calls; null if none does.</summary>
    public static ChannelEndpoint? Select(ChannelEndpoint[] endpoints, Random random)
    {
        var first = Draw(endpoints, excluded: null, random);
        for (var draw = 1; draw < MaxDraws && first?.ShouldSkip(random) == true; draw++)
        {
            first = Draw(endpoints, excluded: null, random);
        }

        if (first is null || endpoints.Length == 1)
        {
            return first;
        }

        var second = Draw(endpoints, first, random);
        return second is null || GetLoad(second, first) >= GetLoad(first, second) || second.ShouldSkip(random) ? first : second;
    }

    /// <summary>Gets the calls that would be in flight, times how many times slower the endpoint is.</summary>
    private static double GetLoad(ChannelEndpoint endpoint, ChannelEndpoint other)
        => (endpoint.ActiveCalls + 1) * endpoint.Latency.GetSlowness(other.Latency);

    /// <summary>Draws an endpoint that accepts calls and is not excluded, each with the same probability.</summary>
    private static ChannelEndpoint? Draw(ChannelEndpoint[] endpoints, ChannelEndpoint? excluded, Random random)
    {
#pragma warning disable CA5394 // The random numbers protect no secret.
        for (var draw = 0; draw < MaxDraws; draw++)
        {
            var drawn = endpoints[random.Next(endpoints.Length)];
            if (drawn != excluded && drawn.AcceptsCalls)
            {
                return drawn;
            }
        }

        // Few endpoints accept calls. The first of them after a random position would inherit the calls of the
        // rejecting endpoints before it, so all endpoints are examined.
        ChannelEndpoint? selected = null;
        var accepting = 0;
        foreach (var endpoint in endpoints)
        {
            if (endpoint != excluded && endpoint.AcceptsCalls && random.Next(++accepting) == 0)
            {
                selected = endpoint;
            }
        }
#pragma warning restore CA5394

        return selected;
    }
}
