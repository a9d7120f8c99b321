using System.Net;
using System.Net.Sockets;
using Thrift.Protocol;

namespace ThriftBreaker;

/// <summary>
/// Represents the address of a Thrift server and its transport, protocol and encryption. Immutable; compared by value.
/// </summary>
public sealed record ThriftEndpoint
{
    /// <summary>
    /// Initializes a new endpoint for a server that listens on TCP. Does not resolve the name or connect.
    /// </summary>
    /// <param name="host">
    /// A host name, or an IPv4 or IPv6 address, which can be in brackets. A name is resolved for each new connection.
    /// </param>
    /// <param name="port">The TCP port: 1 to 65535.</param>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="host"/> is blank, or is not a host: it has a scheme, a port, a path or a space.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is out of range.</exception>
    public ThriftEndpoint(string host, int port)
    {
        Host = HostName.Parse(host, "The host", nameof(host));
        if (port is < 1 or > 65535)
        {
            throw new ArgumentOutOfRangeException(nameof(port), port, "A TCP port must be between 1 and 65535.");
        }

        Port = port;
    }

    private ThriftEndpoint(EndpointKind kind, string host)
    {
        Kind = kind;
        Host = host;
    }

    /// <summary>Creates an endpoint for a server that listens on a Unix domain socket.</summary>
    /// <param name="path">The path of the socket.</param>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty or blank.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="path"/> is longer than the system allows, about 100 bytes.
    /// </exception>
    public static ThriftEndpoint Unix(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _ = new UnixDomainSocketEndPoint(path);
        return new ThriftEndpoint(EndpointKind.Unix, path);
    }

    /// <summary>Creates an endpoint for a server on this machine that listens on a named pipe.</summary>
    /// <param name="name">The name of the pipe, without <c>\\.\pipe\</c>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty or blank.</exception>
    public static ThriftEndpoint Pipe(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new ThriftEndpoint(EndpointKind.Pipe, name);
    }

    /// <summary>Creates an endpoint for a server that is called over HTTP. Each call is one POST request.</summary>
    /// <param name="address">An absolute address, <c>http</c> or <c>https</c>.</param>
    /// <param name="client">
    /// Sends the requests; its settings apply to connections, TLS and headers. It can be shared and is neither changed
    /// nor disposed. Two endpoints are equal only if they have the same client.
    /// </param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="address"/> is not absolute, or neither http nor https.
    /// </exception>
    public static ThriftEndpoint Http(Uri address, HttpClient client)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(client);
        return address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            ? new ThriftEndpoint(EndpointKind.Http, address.DnsSafeHost) { Port = address.Port, Address = address, Client = client }
            : throw new ArgumentException("The address must be absolute, and begin with http:// or https://.", nameof(address));
    }

    /// <summary>Creates an endpoint over any stream, for tests that use neither a socket nor a thread.</summary>
    /// <param name="name">The name in messages.</param>
    /// <param name="open">Opens a connection.</param>
    internal static ThriftEndpoint FromStream(string name, Func<Stream> open) => new(EndpointKind.Stream, name) { Open = open };

    /// <summary>Gets the host name or address, the path of the Unix domain socket, or the name of the pipe.</summary>
    public string Host { get; private init; }

    /// <summary>Gets the TCP port; 0 for a Unix domain socket or a pipe.</summary>
    public int Port { get; private init; }

    /// <summary>Gets the transport; default <see cref="ThriftTransport.Buffered"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enumeration.</exception>
    /// <exception cref="ArgumentException">
    /// The endpoint is an HTTP address, where each request is a frame, and the value is not the default.
    /// </exception>
    public ThriftTransport Transport
    {
        get;
        init => field = value is not (ThriftTransport.Buffered or ThriftTransport.Framed or ThriftTransport.Raw)
            ? throw new ArgumentOutOfRangeException(nameof(Transport), value, "Transport must be Buffered, Framed or Raw.")
            : Kind == EndpointKind.Http && value != ThriftTransport.Buffered
            ? throw new ArgumentException("HTTP frames its messages itself: Transport has no meaning for it.", nameof(Transport))
            : value;
    }

    /// <summary>Gets the protocol; default <see cref="ThriftProtocol.Binary"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enumeration.</exception>
    public ThriftProtocol Protocol
    {
        get;
        init => field = value is ThriftProtocol.Binary or ThriftProtocol.Compact or ThriftProtocol.Json
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Protocol), value, "Protocol must be Binary, Compact or Json.");
    }

    /// <summary>
    /// Gets the name of the service on a server of several services (a multiplexed processor); default null, for a
    /// server of one service.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The value is blank or contains a colon, which Thrift uses to separate it from the method name.
    /// </exception>
    public string? Service
    {
        get;
        init => field = value is null || (!string.IsNullOrWhiteSpace(value) && !value.Contains(TMultiplexedProtocol.Separator, StringComparison.Ordinal))
            ? value
            : throw new ArgumentException("Service must not be blank, and must not have a colon in it.", nameof(Service));
    }

    /// <summary>Gets the TLS settings of the connections; default null, for no encryption.</summary>
    /// <exception cref="ArgumentException">
    /// The endpoint is not a TCP port. For HTTP, the address decides about TLS, and the HttpClient's handler has its
    /// settings.
    /// </exception>
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

    internal EndpointKind Kind { get; }

    /// <summary>Gets the function that opens a connection; null unless the endpoint is a stream.</summary>
    internal Func<Stream>? Open { get; private init; }

    /// <summary>Gets the HTTP address; null for other endpoints.</summary>
    internal Uri? Address { get; private init; }

    /// <summary>Gets the HTTP client; null for other endpoints.</summary>
    internal HttpClient? Client { get; private init; }

    /// <summary>
    /// Returns the same endpoint at one IP address of its host. The certificate must still contain the name of the
    /// host.
    /// </summary>
    internal ThriftEndpoint WithAddress(IPAddress address)
        => this with { Host = address.ToString(), Tls = Tls is { ServerName: null } ? Tls with { ServerName = Host } : Tls };

    /// <summary>
    /// Returns the endpoint as in messages: <c>localhost:9090 (buffered, binary)</c>,
    /// <c>unix:/run/orders.sock (framed, compact, service orders)</c>, <c>https://orders.internal/thrift (binary)</c>.
    /// </summary>
    public override string ToString()
    {
        string[] details =
        [
            .. Kind == EndpointKind.Http ? Array.Empty<string>() : [TransportName],
            ProtocolName,
            .. Service is null ? Array.Empty<string>() : [$"service {Service}"],
            .. Tls is null ? Array.Empty<string>() : ["TLS"],
        ];
        return $"{Location} ({string.Join(", ", details)})";
    }

    private string Location => Kind switch
    {
        EndpointKind.Unix => $"unix:{Host}",
        EndpointKind.Pipe => $"pipe:{Host}",
        EndpointKind.Stream => $"stream:{Host}",

        // Without the user and the query, which can be secrets.
        EndpointKind.Http => Address!.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped),
        _ => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}",
    };

    private string TransportName => Transport switch
    {
        ThriftTransport.Framed => "framed",
        ThriftTransport.Raw => "raw",
        _ => "buffered",
    };

    private string ProtocolName => Protocol switch
    {
        ThriftProtocol.Compact => "compact",
        ThriftProtocol.Json => "json",
        _ => "binary",
    };
}
