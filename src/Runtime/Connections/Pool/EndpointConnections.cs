namespace ThriftBreaker;

/// <summary>Represents the connection pool of one endpoint, and the bulkhead in front of it. Thread-safe.</summary>
internal sealed class EndpointConnections
{
    private readonly ThriftChannelOptions _options;
    private readonly ConnectionPool<ThriftConnection> _pool;
    private readonly Bulkhead? _bulkhead;

    /// <summary>Creates an empty pool.</summary>
    /// <param name="endpoint">The server.</param>
    /// <param name="options">The settings of the channel.</param>
    /// <param name="latency">Records the time of each call; null for a channel to one endpoint.</param>
    /// <exception cref="ArgumentException">
    /// Two settings contradict each other, or one contradicts the endpoint.
    /// </exception>
    public EndpointConnections(ThriftEndpoint endpoint, ThriftChannelOptions options, PeakLatency? latency = null)
    {
        ThriftChannelOptions.ThrowIfContradictory(endpoint, options);
        Endpoint = endpoint;
        Latency = latency;
        _options = options;
        _pool = new ConnectionPool<ThriftConnection>(token => ThriftConnection.OpenAsync(endpoint, options, token), endpoint, options);
        _bulkhead = options.MaxConcurrentCalls is { } limit ? new Bulkhead(endpoint, options, limit) : null;
    }

    public ThriftEndpoint Endpoint { get; }

    public PeakLatency? Latency { get; }

    /// <summary>Acquires a connection for one call, which must release it.</summary>
    /// <exception cref="BulkheadFullException">The maximum numbers of calls are in flight and waiting.</exception>
    /// <exception cref="AcquireTimeoutException">
    /// The wait exceeded <see cref="ThriftChannelOptions.AcquireTimeout"/>.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The channel has been disposed.</exception>
    public ValueTask<ThriftConnection> AcquireAsync(CancellationToken cancellationToken)
        => _bulkhead is null ? _pool.AcquireAsync(_options.AcquireTimeout, cancellationToken) : AcquireAsync(_bulkhead, cancellationToken);

    /// <summary>
    /// Replaces a connection that turned out to be dead, so that its call can continue. If this throws, the dead
    /// connection must still be released.
    /// </summary>
    public async Task<ThriftConnection> ReplaceAsync(ThriftConnection dead, ThriftMethod method)
    {
        var replacement = await _pool.ReplaceAsync(dead, dead.Deadline.Token).ConfigureAwait(false);
        replacement.ContinueCall(method, dead.Deadline);
        return replacement;
    }

    /// <inheritdoc cref="ConnectionPool{TConnection}.CloseIdleLike"/>
    public void CloseIdleLike(ThriftConnection dead) => _pool.CloseIdleLike(dead);

    /// <inheritdoc cref="ConnectionPool{TConnection}.Release"/>
    public void Release(ThriftConnection connection, bool reusable, bool replied)
    {
        _pool.Release(connection, reusable, replied);
        _bulkhead?.Release(replied);
    }

    /// <inheritdoc cref="ConnectionPool{TConnection}.CreateAbortedException"/>
    public ObjectDisposedException CreateAbortedException(Exception symptom) => _pool.CreateAbortedException(symptom);

    /// <summary>
    /// Closes idle connections and rejects waiting calls. Connections of in-flight calls close when these end.
    /// </summary>
    public void Close()
    {
        _bulkhead?.Close();
        _pool.Close();
    }

    /// <summary>
    /// Closes as <see cref="Close"/> does, waits up to <see cref="ThriftChannelOptions.DrainTimeout"/> for in-flight
    /// calls, and aborts the rest.
    /// </summary>
    public Task DrainAsync()
    {
        _bulkhead?.Close();
        return _pool.DrainAsync();
    }

    private async ValueTask<ThriftConnection> AcquireAsync(Bulkhead bulkhead, CancellationToken cancellationToken)
    {
        var timeout = await bulkhead.AcquireAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await _pool.AcquireAsync(timeout, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            bulkhead.Release(replied: false);
            throw;
        }
    }
}
