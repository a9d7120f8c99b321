namespace ThriftBreaker;

/// <summary>What a <see cref="ConnectionPool{TConnection}"/> holds. Lent to one call at a time; only <see cref="Abort"/> may come from elsewhere.</summary>
internal abstract class PooledConnection : IDisposable
{
    /// <summary>Timestamp of the pool: when it was opened. Zero where no setting asks for it.</summary>
    public long OpenedAt { get; set; }

    /// <summary>Timestamp of the pool: since when nobody has used it. Zero where no setting asks for it.</summary>
    public long IdleSince { get; set; }

    /// <summary>
    /// Whether it may carry another call, as far as can be told without asking the server: neither has the server closed it, nor has
    /// it sent anything that nobody has asked for.
    /// </summary>
    public abstract bool IsQuiet { get; }

    /// <summary>Ends the call that is under way, from another thread.</summary>
    public abstract void Abort();

    /// <summary>Closes it.</summary>
    public abstract void Dispose();
}
