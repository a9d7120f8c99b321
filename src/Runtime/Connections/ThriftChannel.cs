namespace ThriftBreaker;

/// <summary>
/// Keeps connections to a server and lends each to one call at a time. Thread-safe; made to live as long as the application.
/// </summary>
/// <remarks>
/// <para>Nothing is connected before the first call: opening the connection is part of the call, and its failure a failed call.</para>
/// <para>
/// A connection is used again only after its reply was read whole. After a call that failed in any other way, timed out or
/// was cancelled it is closed: the Thrift client does not check which request a reply belongs to, so the next caller would
/// get the previous caller's answer.
/// </para>
/// </remarks>
public sealed class ThriftChannel : IAsyncDisposable, IDisposable
{
    private readonly ConnectionPool<ThriftConnection> _pool;
    private readonly Bulkhead? _bulkhead;

    /// <summary>Creates a channel with the default settings; connects to nothing yet.</summary>
    /// <param name="endpoint">The server.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endpoint"/> is null.</exception>
    public ThriftChannel(ThriftEndpoint endpoint)
        : this(endpoint, new ThriftChannelOptions())
    {
    }

    /// <summary>Creates a channel; connects to nothing yet.</summary>
    /// <param name="endpoint">The server.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">Two settings contradict each other, or one the endpoint.</exception>
    public ThriftChannel(ThriftEndpoint endpoint, ThriftChannelOptions options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(options);
        ThriftChannelOptions.ThrowIfContradictory(endpoint, options);
        Endpoint = endpoint;
        Options = options;
        _pool = new ConnectionPool<ThriftConnection>(token => ThriftConnection.OpenAsync(endpoint, options, token), endpoint, options);
        _bulkhead = options.MaxConcurrentCalls is { } limit ? new Bulkhead(endpoint, options, limit) : null;
    }

    /// <summary>The server.</summary>
    public ThriftEndpoint Endpoint { get; }

    /// <summary>The settings.</summary>
    public ThriftChannelOptions Options { get; }

    /// <summary>
    /// Lends nothing any more and closes the connections that are free: later calls, and those that wait for a connection, fail with
    /// <see cref="ObjectDisposedException"/>. Waits for nothing: calls under way go on to their end, within
    /// <see cref="ThriftChannelOptions.CallTimeout"/>, and then close their connections.
    /// </summary>
    public void Dispose()
    {
        _bulkhead?.Close();
        _pool.Close();
    }

    /// <summary>
    /// As <see cref="Dispose"/>, and waits for the calls under way: for <see cref="ThriftChannelOptions.DrainTimeout"/> at most, after which
    /// it closes their connections and they fail with <see cref="ObjectDisposedException"/>. When it is over, no connection is open.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        _bulkhead?.Close();
        return new ValueTask(_pool.DrainAsync());
    }

    /// <summary>A connection for one call, when its turn has come.</summary>
    /// <exception cref="BulkheadFullException">As many calls as may be under way are, and as many wait as may.</exception>
    /// <exception cref="LeaseTimeoutException">No connection has become free within <see cref="ThriftChannelOptions.LeaseTimeout"/>.</exception>
    /// <exception cref="ObjectDisposedException">The channel has been disposed.</exception>
    internal ValueTask<ThriftConnection> LeaseAsync(CancellationToken cancellationToken)
        => _bulkhead is null ? _pool.LeaseAsync(Options.LeaseTimeout, cancellationToken) : LeaseInTurnAsync(_bulkhead, cancellationToken);

    /// <summary>
    /// A fresh connection in the place of one that turned out to be dead, to go on with its call. If there is none, the dead one is still to
    /// be returned.
    /// </summary>
    internal async Task<ThriftConnection> ReplaceAsync(ThriftConnection dead, CallDeadline deadline)
    {
        var fresh = await _pool.ReplaceAsync(dead, deadline.Token).ConfigureAwait(false);
        fresh.GoOn(deadline);
        return fresh;
    }

    /// <summary>Takes a connection back when its call has ended.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="reusable">Whether nothing of its call is left on it.</param>
    /// <param name="answered">Whether the server has answered.</param>
    internal void Return(ThriftConnection connection, bool reusable, bool answered)
    {
        _pool.Return(connection, reusable, answered);
        _bulkhead?.Leave(answered);
    }

    /// <summary>What a call gets that was cut off when the channel ended.</summary>
    internal ObjectDisposedException CutOff(Exception symptom) => _pool.CutOff(symptom);

    /// <summary>What a call gets that comes when the channel has ended.</summary>
    internal static ObjectDisposedException Disposed() => new(typeof(ThriftChannel).FullName);

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
