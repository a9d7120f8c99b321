namespace ThriftBreaker.Hosting;

/// <summary>Provides the Thrift clients of a host. A singleton of the container; immutable and thread-safe.</summary>
public interface IThriftClientRegistry
{
    /// <summary>Gets all clients, in the order in which they were added.</summary>
    IReadOnlyList<ThriftClientInfo> All { get; }
}
