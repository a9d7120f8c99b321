namespace ThriftBreaker;

/// <summary>Names the servers of a <see cref="ThriftChannel"/>, and goes on to do so when they change: what a configuration or a registry knows.</summary>
public interface IEndpointSource
{
    /// <summary>
    /// The servers: the first list as soon as it is known, and a new one after each change. A channel asks at its first call, reads one stream at
    /// a time, and keeps what it knows of the endpoints that are in the new list too (they are compared by value).
    /// </summary>
    /// <param name="cancellationToken">Cancelled when the channel is disposed; the stream is to end then.</param>
    /// <returns>
    /// A stream of lists, each complete. When it ends, the last one was final. When it throws, or names no server, the last list stays in force
    /// and the channel asks again 5 seconds later, or, as long as there has been none, at the next call.
    /// </returns>
    IAsyncEnumerable<IReadOnlyList<ThriftEndpoint>> WatchAsync(CancellationToken cancellationToken);
}
