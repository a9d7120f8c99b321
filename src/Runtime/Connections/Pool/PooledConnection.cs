namespace ThriftBreaker;

/// <summary>
/// Represents a connection in a <see cref="ConnectionPool{TConnection}"/>. One call at a time uses it; only
/// <see cref="Abort"/> can be called from other threads.
/// </summary>
internal abstract class PooledConnection : IDisposable
{
    /// <summary>Gets or sets the pool's timestamp of the opening. 0 unless a setting requires it.</summary>
    public long OpenedAt { get; set; }

    /// <summary>Gets or sets the pool's timestamp of the last release. 0 unless a setting requires it.</summary>
    public long IdleSince { get; set; }

    /// <summary>
    /// Gets or sets the number of replies that the pool had counted when a call acquired the idle connection.
    /// </summary>
    public long AcquiredAtReply { get; set; }

    /// <summary>Gets or sets the number of the last reply on the connection, as the pool counts; 0 for none.</summary>
    public long LastReply { get; set; }

    /// <summary>
    /// Gets whether the connection can carry another call, as far as is known without a request to the server: the
    /// server has neither closed the connection nor sent unexpected data.
    /// </summary>
    public abstract bool IsReusable { get; }

    /// <summary>Aborts the in-flight call.</summary>
    public abstract void Abort();

    /// <summary>Closes the connection.</summary>
    public abstract void Dispose();
}
