using System.Globalization;
using System.Net.Sockets;
using Thrift;
using Thrift.Protocol;
using Thrift.Transport;
using Thrift.Transport.Client;

namespace ThriftBreaker;

/// <summary>One open connection to a server. Not thread-safe: it carries one call at a time.</summary>
internal sealed class ThriftConnection : IDisposable
{
    private readonly TcpClient _tcp;
    private object? _client;

    private ThriftConnection(TcpClient tcp, ThriftEndpoint endpoint)
    {
        _tcp = tcp;
        Protocol = new ReplyCheck(Speak(endpoint, new TSocketTransport(tcp, new TConfiguration())));
    }

    public TProtocol Protocol { get; }

    /// <summary>
    /// Connects within <see cref="ThriftChannelOptions.ConnectTimeout"/>. The socket is connected here and handed to Thrift:
    /// its own transport ignores the token while it connects, has no timeout, and resolves names synchronously.
    /// </summary>
    public static async Task<ThriftConnection> OpenAsync(
        ThriftEndpoint endpoint, ThriftChannelOptions options, CancellationToken cancellationToken)
    {
        using var deadline = new CallDeadline(options.ConnectTimeout, options.TimeProvider, cancellationToken);
        var tcp = new TcpClient { NoDelay = true };
        try
        {
            await tcp.ConnectAsync(endpoint.Host, endpoint.Port, deadline.Token).ConfigureAwait(false);
            return new ThriftConnection(tcp, endpoint);
        }
        catch (Exception symptom) when (deadline.HasEndedTheCall)
        {
            tcp.Dispose();
            throw deadline.Explain(symptom, string.Create(
                CultureInfo.InvariantCulture,
                $"No connection to {endpoint} within the ConnectTimeout of {options.ConnectTimeout.TotalSeconds:0.###} s. Check that the host is up and that nothing drops packets to this port."));
        }
        catch (SocketException reason)
        {
            // As Thrift's own transports report it, and with the address, which the socket's message lacks.
            tcp.Dispose();
            throw new TTransportException(
                TTransportException.ExceptionType.NotOpen, $"No connection to {endpoint}: {reason.Message}. {Advice(reason)}", reason);
        }
        catch
        {
            tcp.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Whether an idle connection may carry another call. A socket that can be read now was closed by the server, or holds
    /// a reply too many; Thrift's IsOpen would be true for both. What arrives later is left to the <see cref="ReplyCheck"/>.
    /// </summary>
    public bool IsIdle
    {
        get
        {
            try
            {
                return !_tcp.Client.Poll(TimeSpan.Zero, SelectMode.SelectRead);
            }
            catch (SocketException)
            {
                return false;
            }
        }
    }

    /// <summary>The Thrift client that speaks over this connection, made once.</summary>
    public TClient ClientBy<TClient>(Func<TProtocol, TClient> create)
        where TClient : class
    {
        if (_client is not TClient client)
        {
            _client = client = create(Protocol);
        }

        return client;
    }

    public void Dispose()
    {
        Protocol.Dispose();
        _tcp.Dispose();
    }

    private static string Advice(SocketException reason) => reason.SocketErrorCode is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData
        ? "Check the host's name."
        : "Check that the server runs and listens there.";

    private static TProtocol Speak(ThriftEndpoint endpoint, TSocketTransport socket)
    {
        TTransport transport = endpoint.Transport == ThriftTransport.Framed ? new TFramedTransport(socket) : new TBufferedTransport(socket);
        return endpoint.Protocol switch
        {
            ThriftProtocol.Compact => new TCompactProtocol(transport),
            ThriftProtocol.Json => new TJsonProtocol(transport),
            _ => new TBinaryProtocol(transport),
        };
    }
}
