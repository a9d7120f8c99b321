namespace ThriftBreaker.Hosting.Clients;

/// <summary>Makes what answers the calls that a client's circuits reject.</summary>
internal static class FallbackMaker
{
    /// <summary>The clients whose fallbacks this thread is making.</summary>
    private static readonly ThreadLocal<HashSet<ClientRegistration>> Waiting = new(static () => []);

    /// <summary>The fallback; null where the client has none.</summary>
    /// <exception cref="InvalidOperationException">It wants the client itself, which the container would go on making for ever.</exception>
    public static object? Make(ClientRegistration registration, IServiceProvider services)
    {
        if (registration.Fallback is not { } fallback)
        {
            return null;
        }

        if (!Waiting.Value!.Add(registration))
        {
            throw new InvalidOperationException(
                $"The fallback of the client '{registration.Name}' asks the container for this very client, which is made after it. Let it answer by itself, or by a client of another name.");
        }

        try
        {
            return fallback(services);
        }
        finally
        {
            _ = Waiting.Value.Remove(registration);
        }
    }
}
