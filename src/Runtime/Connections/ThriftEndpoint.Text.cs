namespace ThriftBreaker;

// The endpoint as people read it.
public sealed partial record ThriftEndpoint
{
    /// <summary>
    /// The endpoint as messages name it: <c>localhost:9090 (buffered, binary)</c>, <c>unix:/run/orders.sock (framed, compact, service orders)</c>,
    /// <c>https://orders.internal/thrift (binary)</c>.
    /// </summary>
    public override string ToString()
    {
        string[] words =
        [
            .. Kind == EndpointKind.Http ? Array.Empty<string>() : [TransportName],
            ProtocolName,
            .. Service is null ? Array.Empty<string>() : [$"service {Service}"],
            .. Tls is null ? Array.Empty<string>() : ["TLS"],
        ];
        return $"{Place} ({string.Join(", ", words)})";
    }

    private string Place => Kind switch
    {
        EndpointKind.Unix => $"unix:{Host}",
        EndpointKind.Pipe => $"pipe:{Host}",
        EndpointKind.Stream => $"stream:{Host}",

        // Without the user and the query, which may be secrets.
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
