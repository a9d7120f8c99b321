namespace ThriftBreaker.Hosting.Settings;

/// <summary>How the endpoints of a client are spoken to, as configuration says it for all of them.</summary>
internal sealed record EndpointDefaults
{
    public ThriftTransport? Transport { get; init; }

    public ThriftProtocol? Protocol { get; init; }

    public string? Service { get; init; }

    public bool Tls { get; init; }

    /// <exception cref="ArgumentException">The endpoint cannot be spoken to like this.</exception>
    public ThriftEndpoint Of(ThriftEndpoint endpoint)
    {
        endpoint = Transport is { } transport ? endpoint with { Transport = transport } : endpoint;
        endpoint = Protocol is { } protocol ? endpoint with { Protocol = protocol } : endpoint;
        endpoint = Service is { } service ? endpoint with { Service = service } : endpoint;
        return Tls ? endpoint with { Tls = new ThriftTlsOptions() } : endpoint;
    }
}
