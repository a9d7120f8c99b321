namespace ThriftBreaker;

/// <summary>Specifies the kind of address of a <see cref="ThriftEndpoint"/>.</summary>
internal enum EndpointKind
{
    Tcp,
    Unix,
    Pipe,
    Http,
    Stream,
}
