namespace ThriftBreaker.Hosting.Clients;

/// <summary>
/// Creates the parts of a client that code of the user creates: options, endpoints, fallback, pipeline.
/// </summary>
internal static class CircularDependencyGuard
{
    /// <summary>The clients for which this thread creates a part, and the part.</summary>
    private static readonly ThreadLocal<Dictionary<ClientRegistration, string>> InProgress = new(static () => []);

    /// <exception cref="InvalidOperationException">
    /// The part depends on the client, which the container would create without end.
    /// </exception>
    public static T Create<T>(ClientRegistration registration, string part, Func<T> create)
    {
        if (!InProgress.Value!.TryAdd(registration, part))
        {
            throw new InvalidOperationException(
                $"The {InProgress.Value[registration]} of the client '{registration.Name}' depends on this client, which is created after it. Remove the dependency, or use a client of another name.");
        }

        try
        {
            return create();
        }
        finally
        {
            _ = InProgress.Value.Remove(registration);
        }
    }
}
