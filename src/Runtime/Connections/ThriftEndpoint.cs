namespace ThriftBreaker;

/// <summary>Where a Thrift server listens and how it is spoken to. Immutable; compared by value.</summary>
public sealed record ThriftEndpoint
{
    /// <summary>Names a server. Nothing is resolved or connected yet.</summary>
    /// <param name="host">A host name, or an IPv4 or IPv6 address. A name is resolved anew for each connection.</param>
    /// <param name="port">The TCP port: 1 to 65535.</param>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="host"/> is empty or blank.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is out of range.</exception>
    public ThriftEndpoint(string host, int port)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        if (port is < 1 or > 65535)
        {
            throw new ArgumentOutOfRangeException(nameof(port), port, "A TCP port must be between 1 and 65535.");
        }

        Host = host;
        Port = port;
    }

    /// <summary>The host name or address.</summary>
    public string Host { get; }

    /// <summary>The TCP port.</summary>
    public int Port { get; }

    /// <summary>The transport; default <see cref="ThriftTransport.Buffered"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enum's.</exception>
    public ThriftTransport Transport
    {
        get;
        init => field = value is ThriftTransport.Buffered or ThriftTransport.Framed
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Transport), value, "Transport must be Buffered or Framed.");
    }

    /// <summary>The protocol; default <see cref="ThriftProtocol.Binary"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enum's.</exception>
    public ThriftProtocol Protocol
    {
        get;
        init => field = value is ThriftProtocol.Binary or ThriftProtocol.Compact or ThriftProtocol.Json
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Protocol), value, "Protocol must be Binary, Compact or Json.");
    }

    /// <summary>The endpoint as messages name it: <c>localhost:9090 (buffered, binary)</c>.</summary>
    public override string ToString()
    {
        var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        var transport = Transport == ThriftTransport.Framed ? "framed" : "buffered";
        var protocol = Protocol switch
        {
            ThriftProtocol.Compact => "compact",
            ThriftProtocol.Json => "json",
            _ => "binary",
        };
        return $"{host}:{Port} ({transport}, {protocol})";
    }
}
