using System.IO.Pipes;
using System.Net;
using System.Net.Sockets;

namespace ThriftBreaker;

/// <summary>
/// Opens the socket, pipe or stream of a connection. Thrift's own transports do this without a timeout, ignore the
/// token, and resolve names synchronously and only once.
/// </summary>
internal static class ConnectionFactory
{
    public static async Task<CallTransport> OpenAsync(ThriftEndpoint endpoint, ThriftChannelOptions options, ConnectAttempt attempt, CancellationToken cancellationToken)
    {
        var limits = options.CreateThriftConfiguration();
        var framed = endpoint.Transport == ThriftTransport.Framed;
        switch (endpoint.Kind)
        {
            case EndpointKind.Http:
                return new HttpTransport(endpoint, endpoint.Address!, endpoint.Client!, limits);
            case EndpointKind.Stream:
                return new ReadAheadTransport(endpoint.Open!(), framed, limits);
            case EndpointKind.Pipe:
                return new ReadAheadTransport(await ConnectPipeAsync(endpoint.Host, cancellationToken).ConfigureAwait(false), framed, limits);
        }

        var socket = await ConnectSocketAsync(endpoint, cancellationToken).ConfigureAwait(false);
        var quickAckSocket = options.TcpQuickAck && endpoint.Kind == EndpointKind.Tcp && OperatingSystem.IsLinux() ? socket : null;
        if (endpoint.Tls is not { } tls)
        {
            return new SocketTransport(socket, framed, limits) { QuickAckSocket = quickAckSocket };
        }

        attempt.Step = ConnectStep.Tls;
        var stream = await TlsHandshake.AuthenticateAsync(new NetworkStream(socket, ownsSocket: true), endpoint.Host, tls, cancellationToken).ConfigureAwait(false);
        return new ReadAheadTransport(stream, framed, limits) { QuickAckSocket = quickAckSocket };
    }

    private static async Task<Socket> ConnectSocketAsync(ThriftEndpoint endpoint, CancellationToken cancellationToken)
    {
        var socket = endpoint.Kind == EndpointKind.Unix
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            EndPoint address = endpoint.Kind == EndpointKind.Unix ? new UnixDomainSocketEndPoint(endpoint.Host) : new DnsEndPoint(endpoint.Host, endpoint.Port);
            await socket.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Stream> ConnectPipeAsync(string name, CancellationToken cancellationToken)
    {
        var pipe = new NamedPipeClientStream(".", name, PipeDirection.InOut, PipeOptions.Asynchronous);
        try
        {
            // This also waits for a pipe that does not exist yet.
            await pipe.ConnectAsync(cancellationToken).ConfigureAwait(false);
            return pipe;
        }
        catch
        {
            await pipe.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
