namespace ThriftBreaker;

/// <summary>
/// Chooses the endpoint for a call: the one with fewer calls under way of two that are drawn at random. Nearly as even as to look at all of
/// them, and callers who choose at the same moment do not all choose the same (Mitzenmacher, "The power of two choices").
/// </summary>
internal static class PowerOfTwoChoices
{
    /// <summary>How often one is drawn that may not be chosen before all are looked at, or before one that stands aside is taken all the same.</summary>
    private const int Draws = 8;

    /// <summary>An endpoint that admits a call; null when none does.</summary>
    public static ChannelEndpoint? Choose(ChannelEndpoint[] endpoints, Random random)
    {
        var first = Draw(endpoints, other: null, random);
        for (var draw = 1; draw < Draws && first?.StandsAside(random) == true; draw++)
        {
            first = Draw(endpoints, other: null, random);
        }

        if (first is null || endpoints.Length == 1)
        {
            return first;
        }

        var second = Draw(endpoints, first, random);
        return second is null || second.ActiveCalls >= first.ActiveCalls || second.StandsAside(random) ? first : second;
    }

    /// <summary>One that admits a call and is not the other one, each with the same chance.</summary>
    private static ChannelEndpoint? Draw(ChannelEndpoint[] endpoints, ChannelEndpoint? other, Random random)
    {
#pragma warning disable CA5394 // No secret hangs on it.
        for (var draw = 0; draw < Draws; draw++)
        {
            var drawn = endpoints[random.Next(endpoints.Length)];
            if (drawn != other && drawn.Admits)
            {
                return drawn;
            }
        }

        // Few do: the first of them in a list that begins anywhere would be its neighbours' heir, so each is looked at.
        ChannelEndpoint? found = null;
        var admitting = 0;
        foreach (var endpoint in endpoints)
        {
            if (endpoint != other && endpoint.Admits && random.Next(++admitting) == 0)
            {
                found = endpoint;
            }
        }
#pragma warning restore CA5394

        return found;
    }
}
