namespace ThriftBreaker.Hosting.Clients;

/// <summary>Makes what a client is made of by a function of the user's: its endpoints, its fallback, its pipeline.</summary>
internal static class CircularDependencyGuard
{
    /// <summary>The clients of which this thread is making a part, and the part.</summary>
    private static readonly ThreadLocal<Dictionary<ClientRegistration, string>> Waiting = new(static () => []);

    /// <exception cref="InvalidOperationException">It wants the client itself, which the container would go on making for ever.</exception>
    public static T Make<T>(ClientRegistration registration, string part, Func<T> make)
    {
        if (!Waiting.Value!.TryAdd(registration, part))
        {
            throw new InvalidOperationException(
                $"The {Waiting.Value[registration]} of the client '{registration.Name}' asks the container for this very client, which is made after it. Let it do without, or take a client of another name.");
        }

        try
        {
            return make();
        }
        finally
        {
            _ = Waiting.Value.Remove(registration);
        }
    }
}
