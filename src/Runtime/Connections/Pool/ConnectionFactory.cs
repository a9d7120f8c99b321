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
    public static async Task<CallTransport> OpenAsync(
        ThriftEndpoint endpoint, ThriftChannelOptions options, ConnectAttempt attempt, CancellationToken cancellationToken)
    {
        var limits = options.CreateThriftConfiguration();
        var framed = endpoint.Transport == ThriftTransport.Framed;
        switch (endpoint.Kind)
        {
            case EndpointKind.Http:
                return new HttpTransport(endpoint, options, limits);
            case EndpointKind.Stream:
                return new ReadAheadTransport(endpoint.Open!(), framed, limits);
            case EndpointKind.Pipe:
                return new ReadAheadTransport(await ConnectPipeAsync(endpoint.Host, cancellationToken).ConfigureAwait(false), framed, limits);
        }

        var socket = endpoint.Kind == EndpointKind.Unix
            ? await ConnectAsync(new UnixDomainSocketEndPoint(endpoint.Host), options, attempt, cancellationToken).ConfigureAwait(false)
            : await ConnectTcpAsync(endpoint, options, attempt, cancellationToken).ConfigureAwait(false);
        var quickAckSocket = options.TcpQuickAck && endpoint.Kind == EndpointKind.Tcp && OperatingSystem.IsLinux() ? socket : null;
        if (endpoint.Tls is not { } tls)
        {
            return new SocketTransport(socket, framed, limits) { QuickAckSocket = quickAckSocket };
        }

        attempt.Step = ConnectStep.Tls;
        var plain = new NetworkStream(socket, ownsSocket: true);
        var stream = await TlsHandshake.AuthenticateAsync(plain, endpoint.Host, tls, attempt, cancellationToken).ConfigureAwait(false);
        return new ReadAheadTransport(stream, framed, limits) { QuickAckSocket = quickAckSocket };
    }

    private static async Task<Socket> ConnectTcpAsync(
        ThriftEndpoint endpoint, ThriftChannelOptions options, ConnectAttempt attempt, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(endpoint.Host, out var literal))
        {
            return await ConnectAsync(literal, cancellationToken).ConfigureAwait(false);
        }

        // The platform's resolver cannot be interrupted.
        attempt.Step = ConnectStep.Resolve;
        var resolving = options.ResolveHost(endpoint.Host, cancellationToken);
        var addresses = await resolving.WaitAsync(cancellationToken).ConfigureAwait(false);
        attempt.Step = ConnectStep.Connect;
        attempt.Addresses = addresses;
        return addresses is [var single]
            ? await ConnectAsync(single, cancellationToken).ConfigureAwait(false)
            : await new AddressRace(ConnectAsync, options.TimeProvider)
                .ConnectAsync(addresses, cancellationToken)
                .ConfigureAwait(false);

        // A socket for IPv6 does not connect to an IPv4 address in IPv6 form.
        Task<Socket> ConnectAsync(IPAddress address, CancellationToken cancellationToken)
            => ConnectionFactory.ConnectAsync(
                new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, endpoint.Port), options, attempt, cancellationToken);
    }

    private static async Task<Socket> ConnectAsync(
        EndPoint address, ThriftChannelOptions options, ConnectAttempt attempt, CancellationToken cancellationToken)
    {
        var socket = SocketFactory.Create(address.AddressFamily, options, attempt);
        try
        {
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
