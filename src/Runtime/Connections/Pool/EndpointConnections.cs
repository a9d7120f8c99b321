namespace ThriftBreaker;

/// <summary>The connections to one endpoint, and the turns of the calls that want one. Thread-safe.</summary>
internal sealed class EndpointConnections
{
    private readonly ThriftChannelOptions _options;
    private readonly ConnectionPool<ThriftConnection> _pool;
    private readonly Bulkhead? _bulkhead;

    /// <summary>Connects to nothing yet.</summary>
    /// <exception cref="ArgumentException">Two settings contradict each other, or one the endpoint.</exception>
    public EndpointConnections(ThriftEndpoint endpoint, ThriftChannelOptions options)
    {
        ThriftChannelOptions.ThrowIfContradictory(endpoint, options);
        Endpoint = endpoint;
        _options = options;
        _pool = new ConnectionPool<ThriftConnection>(token => ThriftConnection.OpenAsync(endpoint, options, token), endpoint, options);
        _bulkhead = options.MaxConcurrentCalls is { } limit ? new Bulkhead(endpoint, options, limit) : null;
    }

    public ThriftEndpoint Endpoint { get; }

    /// <summary>A connection for one call, when its turn has come.</summary>
    /// <exception cref="BulkheadFullException">As many calls as may be under way are, and as many wait as may.</exception>
    /// <exception cref="AcquireTimeoutException">No connection has become free within <see cref="ThriftChannelOptions.AcquireTimeout"/>.</exception>
    /// <exception cref="ObjectDisposedException">The channel has been disposed.</exception>
    public ValueTask<ThriftConnection> LeaseAsync(CancellationToken cancellationToken)
        => _bulkhead is null ? _pool.LeaseAsync(_options.AcquireTimeout, cancellationToken) : LeaseInTurnAsync(_bulkhead, cancellationToken);

    /// <summary>
    /// A fresh connection in the place of one that turned out to be dead, to go on with its call. If there is none, the dead one is still to
    /// be returned.
    /// </summary>
    public async Task<ThriftConnection> ReplaceAsync(ThriftConnection dead)
    {
        var fresh = await _pool.ReplaceAsync(dead, dead.Deadline.Token).ConfigureAwait(false);
        fresh.GoOn(dead.Deadline);
        return fresh;
    }

    /// <summary>Takes a connection back when its call has ended.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="reusable">Whether nothing of its call is left on it.</param>
    /// <param name="answered">Whether the server has answered.</param>
    public void Return(ThriftConnection connection, bool reusable, bool answered)
    {
        _pool.Return(connection, reusable, answered);
        _bulkhead?.Leave(answered);
    }

    /// <summary>What a call gets that was cut off when the channel ended.</summary>
    public ObjectDisposedException CutOff(Exception symptom) => _pool.CutOff(symptom);

    /// <summary>Lends nothing any more, closes what is free and sends away who waits. Calls under way go on, and then close their connections.</summary>
    public void Close()
    {
        _bulkhead?.Close();
        _pool.Close();
    }

    /// <summary>As <see cref="Close"/>, and waits for the calls under way, for <see cref="ThriftChannelOptions.DrainTimeout"/> at most; cuts off what is left.</summary>
    public Task DrainAsync()
    {
        _bulkhead?.Close();
        return _pool.DrainAsync();
    }

    private async ValueTask<ThriftConnection> LeaseInTurnAsync(Bulkhead bulkhead, CancellationToken cancellationToken)
    {
        var patience = await bulkhead.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await _pool.LeaseAsync(patience, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            bulkhead.Leave(answered: false);
            throw;
        }
    }
}
