namespace ThriftBreaker;

/// <summary>What a <see cref="ThriftEndpoint"/> is reached by.</summary>
internal enum EndpointKind
{
    Tcp,
    Unix,
    Pipe,
    Http,
    Stream,
}
