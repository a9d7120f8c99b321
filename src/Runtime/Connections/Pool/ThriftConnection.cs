using System.Net.Sockets;
using Thrift.Protocol;
using Thrift.Transport;

namespace ThriftBreaker;

/// <summary>Represents an open connection to a server, which carries one call at a time.</summary>
internal sealed class ThriftConnection : PooledConnection
{
    private readonly ThriftEndpoint _endpoint;
    private readonly CallTransport _transport;
    private readonly TProtocol _protocol;
    private object? _client;
    private int _callCount;
    private volatile bool _isAborted;

    private ThriftConnection(CallTransport transport, ThriftEndpoint endpoint, TimeProvider timeProvider)
    {
        _endpoint = endpoint;
        _transport = transport;
        _protocol = CreateProtocol(endpoint, transport);
        Deadline = new CallDeadline(timeProvider);
    }

    /// <summary>Gets whether the pool has aborted the call.</summary>
    public bool IsAborted => _isAborted;

    /// <summary>Gets the deadline of the call, from <see cref="BeginCall"/> until it is stopped.</summary>
    public CallDeadline Deadline { get; private set; }

    private bool IsReusedWithoutReply => _callCount > 1 && !IsWritingRequest && !_transport.HasReceivedReply && !_isAborted;

    /// <inheritdoc/>
    public override bool IsReusable => _transport.IsReusable;

    /// <summary>
    /// Connects, performs the TLS handshake and runs <see cref="ThriftChannelOptions.OnConnected"/>, all within
    /// <see cref="ThriftChannelOptions.ConnectTimeout"/>.
    /// </summary>
    public static async Task<ThriftConnection> OpenAsync(
        ThriftEndpoint endpoint, ThriftChannelOptions options, CancellationToken cancellationToken)
    {
        var attempt = new ConnectAttempt(endpoint, options);
        var deadline = new CallDeadline(options.TimeProvider);
        deadline.Start(options.ConnectTimeout, cancellationToken);
        ThriftConnection? connection = null;
        try
        {
            connection = new ThriftConnection(await ConnectionFactory.OpenAsync(endpoint, options, attempt, deadline.Token).ConfigureAwait(false), endpoint, options.TimeProvider);
            if (options.OnConnected is { } onConnected)
            {
                attempt.Step = ConnectStep.OnConnected;
                connection._transport.BeginCall(method: null, deadline.Token);

                // The callback can ignore the token, and can block its thread: the wait for it ends with the token too.
                await Task.Run(() => onConnected(connection._protocol, deadline.Token).AsTask(), CancellationToken.None).WaitAsync(deadline.Token).ConfigureAwait(false);
            }

            // A callback that ignored the token can have completed after it.
            deadline.Token.ThrowIfCancellationRequested();
            return connection;
        }
        catch (Exception symptom) when (deadline.IsCancellationRequested)
        {
            connection?.Dispose();
            throw deadline.CreateException(symptom, attempt.GetTimeoutMessage());
        }
        catch (Exception reason)
        {
            connection?.Dispose();
            if (attempt.CreateException(reason) is { } failure)
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
    public void BeginCall(ThriftMethod method, TimeSpan timeout, CancellationToken callerToken)
    {
        _callCount++;
        Deadline.Start(timeout, callerToken);
        _transport.BeginCall(method, Deadline.Token);
    }

    /// <summary>Continues the call of another connection, with the deadline of that call.</summary>
    public void ContinueCall(ThriftMethod method, CallDeadline deadline)
    {
        _callCount++;
        Deadline = deadline;
        _transport.BeginCall(method, deadline.Token);
    }

    /// <summary>
    /// Returns whether the call failed because a pooled connection turned out to be dead, before any byte of a reply.
    /// The server can have closed the connection just before the call, or have received the call and crashed: only an
    /// idempotent call can be repeated.
    /// </summary>
    public bool HasDiedBeforeReply(Exception error)
        => IsReusedWithoutReply && !Deadline.IsCancellationRequested && error is (IOException or SocketException or TTransportException);

    /// <summary>
    /// Returns whether the call failed because a pooled connection turned out to be dead, or because nothing arrived on
    /// it until the timeout of the call: a connection can die without a sign.
    /// </summary>
    public bool SeemsDead(Exception error) => HasDiedBeforeReply(error) || (IsReusedWithoutReply && Deadline.HasTimedOut);

    /// <summary>
    /// Gets whether a request was begun and is not complete, so that the server has no part in an exception.
    /// </summary>
    public bool IsWritingRequest => _transport.IsWritingRequest;

    /// <summary>
    /// Returns whether the call failed while its request was written, and not because of the connection: the server has
    /// no part in it.
    /// </summary>
    public bool CouldNotWriteRequest(Exception error)
        => IsWritingRequest && error is not (TTransportException or ObjectDisposedException or OperationCanceledException);

    /// <summary>
    /// Adds the endpoint and a remedy to the exception of a broken call; null if nothing is to be added.
    /// </summary>
    public Exception? AddContext(Exception error) => ReplyErrors.AddContext(error, _endpoint, _transport);

    /// <summary>Gets the Thrift client over this connection, which is created once.</summary>
    public TClient GetClient<TClient>(Func<TProtocol, TClient> create)
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
        _transport.Disconnect();
    }

    public override void Dispose()
    {
        _protocol.Dispose();
        _transport.Disconnect();
    }

    private static TProtocol CreateProtocol(ThriftEndpoint endpoint, CallTransport transport) => endpoint.Protocol switch
    {
        ThriftProtocol.Compact => new CompactProtocol(transport, endpoint.Service),
        ThriftProtocol.Json => new JsonProtocol(transport, endpoint.Service),
        _ => new BinaryProtocol(transport, endpoint.Service),
    };
}
