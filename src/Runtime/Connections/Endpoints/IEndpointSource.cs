namespace ThriftBreaker;

/// <summary>
/// Provides the servers of a <see cref="ThriftChannel"/> and their changes, for example from a configuration or a
/// service registry.
/// </summary>
public interface IEndpointSource
{
    /// <summary>
    /// Returns the servers: the first list as soon as it is known, and a new list after each change.
    /// </summary>
    /// <remarks>
    /// A channel calls this method at its first call and reads one stream at a time. Endpoints are compared by value:
    /// those in both the old and the new list keep their connections and circuit breakers, and one that a list contains
    /// twice counts once.
    /// </remarks>
    /// <param name="cancellationToken">Cancelled when the channel is disposed; the stream must end then.</param>
    /// <returns>
    /// A stream of complete lists. When the stream ends, its last list stays in use. When the stream throws or a list
    /// is empty, the last list stays in use, and the channel calls the method again 5 seconds later. Before the first
    /// list, it calls the method again at the first call after a pause of 0.1 seconds, which each further failure
    /// doubles up to 5 seconds.
    /// </returns>
    IAsyncEnumerable<IReadOnlyList<ThriftEndpoint>> WatchAsync(CancellationToken cancellationToken);
}
