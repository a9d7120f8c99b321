namespace ThriftBreaker;

/// <summary>
/// Opens connections to a server and lends each to one call at a time. Thread-safe; made to live as long as the application.
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
    private ThriftConnection? _kept;
    private bool _disposed;

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
    public ThriftChannel(ThriftEndpoint endpoint, ThriftChannelOptions options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(options);
        Endpoint = endpoint;
        Options = options;
    }

    /// <summary>The server.</summary>
    public ThriftEndpoint Endpoint { get; }

    /// <summary>The settings.</summary>
    public ThriftChannelOptions Options { get; }

    /// <summary>
    /// Closes the kept connection and lends no other: later calls fail with <see cref="ObjectDisposedException"/>. Calls
    /// under way go on to their end, within <see cref="ThriftChannelOptions.CallTimeout"/>.
    /// </summary>
    public void Dispose()
    {
        Volatile.Write(ref _disposed, true);
        Interlocked.Exchange(ref _kept, null)?.Dispose();
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    internal async ValueTask<ThriftConnection> LeaseAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
        if (Interlocked.Exchange(ref _kept, null) is { } kept)
        {
            if (kept.IsIdle)
            {
                return kept;
            }

            kept.Dispose();
        }

        return await ThriftConnection.OpenAsync(Endpoint, Options, cancellationToken).ConfigureAwait(false);
    }

    internal void Return(ThriftConnection connection, bool reusable)
    {
        if (!reusable || Options.ConnectionPerCall || Interlocked.CompareExchange(ref _kept, connection, null) is not null)
        {
            connection.Dispose();
        }
        else if (Volatile.Read(ref _disposed))
        {
            // Disposed between the lease and the return: nobody else would close it.
            Interlocked.Exchange(ref _kept, null)?.Dispose();
        }
    }
}
