using System.Net;
using System.Net.Sockets;
using Thrift.Protocol;

namespace ThriftBreaker;

/// <summary>Where a Thrift server listens and how it is spoken to. Immutable; compared by value.</summary>
public sealed partial record ThriftEndpoint
{
    /// <summary>Names a server that listens on TCP. Nothing is resolved or connected yet.</summary>
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

    private ThriftEndpoint(EndpointKind kind, string host)
    {
        Kind = kind;
        Host = host;
    }

    /// <summary>Names a server that listens on a Unix domain socket.</summary>
    /// <param name="path">The path of the socket.</param>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty or blank.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="path"/> is longer than the system allows, about 100 bytes.</exception>
    public static ThriftEndpoint Unix(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _ = new UnixDomainSocketEndPoint(path);
        return new ThriftEndpoint(EndpointKind.Unix, path);
    }

    /// <summary>Names a server of this machine that listens on a named pipe.</summary>
    /// <param name="name">The name of the pipe, without <c>\\.\pipe\</c>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty or blank.</exception>
    public static ThriftEndpoint Pipe(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new ThriftEndpoint(EndpointKind.Pipe, name);
    }

    /// <summary>Names a server that is spoken to over HTTP, each call as one POST.</summary>
    /// <param name="address">An absolute address, <c>http</c> or <c>https</c>.</param>
    /// <param name="client">
    /// Makes the requests, and has the settings of its connections, TLS and headers. It may be shared; it is neither changed nor disposed.
    /// Endpoints are equal only with the same one.
    /// </param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="address"/> is not absolute, or neither http nor https.</exception>
    public static ThriftEndpoint Http(Uri address, HttpClient client)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(client);
        return address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            ? new ThriftEndpoint(EndpointKind.Http, address.Host) { Port = address.Port, Address = address, Client = client }
            : throw new ArgumentException("The address must be absolute, and begin with http:// or https://.", nameof(address));
    }

    /// <summary>Names a server at the other end of any stream: tests bring one that needs neither a socket nor a thread.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="open">Makes a connection.</param>
    internal static ThriftEndpoint Over(string name, Func<Stream> open) => new(EndpointKind.Stream, name) { Open = open };

    /// <summary>The host's name or address; the path of a Unix domain socket; the name of a pipe.</summary>
    public string Host { get; private init; }

    /// <summary>The TCP port; 0 for a Unix domain socket or a pipe.</summary>
    public int Port { get; private init; }

    /// <summary>The transport; default <see cref="ThriftTransport.Buffered"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enum's.</exception>
    /// <exception cref="ArgumentException">The endpoint is spoken to over HTTP, where a request is the frame, and the value is not the default.</exception>
    public ThriftTransport Transport
    {
        get;
        init => field = value is not (ThriftTransport.Buffered or ThriftTransport.Framed or ThriftTransport.Raw)
            ? throw new ArgumentOutOfRangeException(nameof(Transport), value, "Transport must be Buffered, Framed or Raw.")
            : Kind == EndpointKind.Http && value != ThriftTransport.Buffered
            ? throw new ArgumentException("HTTP frames its messages itself: Transport has no meaning for it.", nameof(Transport))
            : value;
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

    /// <summary>The name that a server of several services (a multiplexed processor) knows the service by; default null: it has only one.</summary>
    /// <exception cref="ArgumentException">The value is blank or has a colon, which Thrift writes between it and the method's name.</exception>
    public string? Service
    {
        get;
        init => field = value is null || (!string.IsNullOrWhiteSpace(value) && !value.Contains(TMultiplexedProtocol.Separator, StringComparison.Ordinal))
            ? value
            : throw new ArgumentException("Service must not be blank, and must not have a colon in it.", nameof(Service));
    }

    /// <summary>How connections are encrypted; default null: they are not.</summary>
    /// <exception cref="ArgumentException">The endpoint is not a TCP port. For HTTP, the address says it, and the HttpClient's handler how.</exception>
    public ThriftTlsOptions? Tls
    {
        get;
        init => field = value is null || Kind == EndpointKind.Tcp
            ? value
            : throw new ArgumentException(
                Kind == EndpointKind.Http
                    ? "Over HTTP, TLS is a matter of the address (https://) and of the HttpClient's handler."
                    : "Only connections to a TCP port can be encrypted.",
                nameof(Tls));
    }

    /// <summary>The same at one address of its host, whose name the certificate must still carry.</summary>
    internal ThriftEndpoint At(IPAddress address)
        => this with { Host = address.ToString(), Tls = Tls is { ServerName: null } ? Tls with { ServerName = Host } : Tls };

    internal EndpointKind Kind { get; }

    /// <summary>Of a stream.</summary>
    internal Func<Stream>? Open { get; private init; }

    /// <summary>Of HTTP.</summary>
    internal Uri? Address { get; private init; }

    /// <summary>Of HTTP.</summary>
    internal HttpClient? Client { get; private init; }
}
