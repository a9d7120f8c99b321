using System.Net.Sockets;
using Thrift.Protocol;
using Thrift.Transport;

namespace ThriftBreaker;

/// <summary>One open connection to a server, which carries one call at a time.</summary>
internal sealed class ThriftConnection : PooledConnection
{
    private readonly ThriftEndpoint _endpoint;
    private readonly CallTransport _transport;
    private readonly ReplyCheck _protocol;
    private readonly IReplyBuffer? _buffer;
    private object? _client;
    private int _calls;
    private volatile bool _isAborted;

    private ThriftConnection(CallTransport transport, ThriftEndpoint endpoint, TimeProvider timeProvider)
    {
        _endpoint = endpoint;
        _transport = transport;
        _protocol = new ReplyCheck(Speak(endpoint, transport));
        _buffer = _protocol.Transport as IReplyBuffer;
        Deadline = new CallDeadline(timeProvider);
    }

    /// <summary>Whether the call that it carries was cut off.</summary>
    public bool IsAborted => _isAborted;

    /// <summary>What its call runs under, from <see cref="Begin"/> until it is stopped.</summary>
    public CallDeadline Deadline { get; private set; }

    /// <inheritdoc/>
    public override bool IsQuiet => _buffer is not { IsEmpty: false } && _transport.IsQuiet;

    /// <summary>
    /// Connects, agrees on TLS and runs <see cref="ThriftChannelOptions.OnConnected"/>, all within <see cref="ThriftChannelOptions.ConnectTimeout"/>.
    /// </summary>
    public static async Task<ThriftConnection> OpenAsync(
        ThriftEndpoint endpoint, ThriftChannelOptions options, CancellationToken cancellationToken)
    {
        var opening = new ConnectAttempt(endpoint, options);
        var deadline = new CallDeadline(options.TimeProvider);
        deadline.Start(options.ConnectTimeout, cancellationToken);
        ThriftConnection? connection = null;
        try
        {
            connection = new ThriftConnection(await ConnectionFactory.OpenAsync(endpoint, options.Limits, opening, deadline.Token).ConfigureAwait(false), endpoint, options.TimeProvider);
            if (options.OnConnected is { } onConnected)
            {
                opening.Step = OpeningStep.OnConnected;
                connection._transport.Begin(deadline.Token);

                // Whatever else it waits for, nobody waits longer for it.
                using var lent = new NonOwningProtocol(connection._protocol);
                await onConnected(lent, deadline.Token).AsTask().WaitAsync(deadline.Token).ConfigureAwait(false);
            }

            return connection;
        }
        catch (Exception symptom) when (deadline.HasEndedTheCall)
        {
            connection?.Dispose();
            throw deadline.Explain(symptom, opening.TimedOut());
        }
        catch (Exception reason)
        {
            connection?.Dispose();
            if (opening.Failed(reason) is { } failure)
            {
                throw failure;
            }

            throw;
        }
        finally
        {
            deadline.Stop();
        }
    }

    /// <summary>Begins a call.</summary>
    public void Begin(TimeSpan timeout, CancellationToken callerToken)
    {
        _calls++;
        Deadline.Start(timeout, callerToken);
        _transport.Begin(Deadline.Token);
    }

    /// <summary>Goes on with a call that another connection began, under the deadline that it began with.</summary>
    public void GoOn(CallDeadline deadline)
    {
        _calls++;
        Deadline = deadline;
        _transport.Begin(deadline.Token);
    }

    /// <summary>
    /// Whether a call ended because the connection, which had served others before, was dead, and nothing came of an answer. The server
    /// may have closed it just before the call came, or have got the call and died of it: only a call that may be made twice can be repeated.
    /// </summary>
    public bool HasDiedUnanswered(Exception error)
        => _calls > 1 && !_transport.HasRead && !_isAborted && !Deadline.HasEndedTheCall && error is (IOException or SocketException or TTransportException);

    /// <summary>What the caller gets when the call that it carries broke; null: the error as it is.</summary>
    public Exception? Explain(Exception error) => ReplyErrors.Explain(error, _endpoint, _transport.HasRead);

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
        _transport.Dispose();
    }

    public override void Dispose()
    {
        _protocol.Dispose();
        _transport.Dispose();
    }

    private static TProtocol Speak(ThriftEndpoint endpoint, CallTransport wire)
    {
        TTransport transport = endpoint.Transport switch
        {
            ThriftTransport.Framed => new FramedTransport(wire),
            ThriftTransport.Raw => wire,
            _ => new BufferedTransport(wire),
        };
        TProtocol protocol = endpoint.Protocol switch
        {
            ThriftProtocol.Compact => new TCompactProtocol(transport),
            ThriftProtocol.Json => new TJsonProtocol(transport),
            _ => new TBinaryProtocol(transport),
        };
        return endpoint.Service is null ? protocol : new ServicePrefix(protocol, endpoint.Service);
    }
}
