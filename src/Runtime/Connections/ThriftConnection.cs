using System.Globalization;
using System.Net.Sockets;
using Thrift;
using Thrift.Protocol;
using Thrift.Transport;

namespace ThriftBreaker;

/// <summary>One open connection to a server, which carries one call at a time.</summary>
internal sealed class ThriftConnection : PooledConnection
{
    private readonly TcpClient _tcp;
    private readonly CallTransport _transport;
    private readonly ReplyCheck _protocol;
    private CallDeadline _deadline;
    private object? _client;
    private int _calls;
    private volatile bool _isAborted;

    private ThriftConnection(TcpClient tcp, ThriftEndpoint endpoint, TimeProvider timeProvider)
    {
        _tcp = tcp;
        _transport = new CallTransport(tcp.GetStream(), new TConfiguration());
        _protocol = new ReplyCheck(Speak(endpoint, _transport));
        _deadline = new CallDeadline(timeProvider);
    }

    /// <summary>Whether the call that it carries was cut off.</summary>
    public bool IsAborted => _isAborted;

    /// <summary>
    /// Connects within <see cref="ThriftChannelOptions.ConnectTimeout"/>. The socket is connected here and handed to Thrift:
    /// its own transport ignores the token while it connects, has no timeout, and resolves names synchronously.
    /// </summary>
    public static async Task<ThriftConnection> OpenAsync(
        ThriftEndpoint endpoint, ThriftChannelOptions options, CancellationToken cancellationToken)
    {
        var deadline = new CallDeadline(options.TimeProvider);
        deadline.Start(options.ConnectTimeout, cancellationToken);
        var tcp = new TcpClient { NoDelay = true };
        try
        {
            await tcp.ConnectAsync(endpoint.Host, endpoint.Port, deadline.Token).ConfigureAwait(false);
            return new ThriftConnection(tcp, endpoint, options.TimeProvider);
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
        finally
        {
            deadline.Stop();
        }
    }

    /// <summary>
    /// A socket that can be read now was closed by the server, or holds a reply too many; Thrift's IsOpen would be true for both. What
    /// arrives later is left to the <see cref="ReplyCheck"/>.
    /// </summary>
    public override bool IsQuiet
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

    /// <summary>Begins a call.</summary>
    /// <returns>What it runs under, until it is stopped.</returns>
    public CallDeadline Begin(TimeSpan timeout, CancellationToken callerToken)
    {
        _calls++;
        _deadline.Start(timeout, callerToken);
        _transport.Begin(_deadline.Token);
        return _deadline;
    }

    /// <summary>Goes on with a call that another connection began, under the deadline that it began with.</summary>
    public void GoOn(CallDeadline deadline)
    {
        _calls++;
        _deadline = deadline;
        _transport.Begin(deadline.Token);
    }

    /// <summary>
    /// Whether a call ended because the connection, which had served others before, was dead, and nothing came of an answer. The server
    /// may have closed it just before the call came, or have got the call and died of it: only a call that may be made twice can be repeated.
    /// </summary>
    public bool HasDiedUnanswered(Exception error)
        => _calls > 1 && !_transport.HasRead && !_isAborted && !_deadline.HasEndedTheCall && error is (IOException or SocketException or TTransportException);

    /// <summary>The Thrift client that speaks over this connection, made once.</summary>
    public TClient ClientBy<TClient>(Func<TProtocol, TClient> create)
        where TClient : class
    {
        if (_client is not TClient client)
        {
            _client = client = create(_protocol);
        }

        return client;
    }

    public override void Abort()
    {
        _isAborted = true;
        _tcp.Dispose();
    }

    public override void Dispose()
    {
        _protocol.Dispose();
        _transport.Dispose();
        _tcp.Dispose();
    }

    private static string Advice(SocketException reason) => reason.SocketErrorCode is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData
        ? "Check the host's name."
        : "Check that the server runs and listens there.";

    private static TProtocol Speak(ThriftEndpoint endpoint, CallTransport wire)
    {
        TTransport transport = endpoint.Transport == ThriftTransport.Framed ? new TFramedTransport(wire) : new TBufferedTransport(wire);
        return endpoint.Protocol switch
        {
            ThriftProtocol.Compact => new TCompactProtocol(transport),
            ThriftProtocol.Json => new TJsonProtocol(transport),
            _ => new TBinaryProtocol(transport),
        };
    }
}
