using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Circuit.Payloads;
using Grpc.Net.Client;
using Thrift;
using Thrift.Protocol;
using Thrift.Transport;
using Thrift.Transport.Client;
using GrpcPayloads = Circuit.Payloads.Grpc;

[assembly: ThriftBreaker.CircuitBreaker(typeof(Payloads))]

namespace ThriftBreaker.WireBenchmarks;

/// <summary>A way to make the calls.</summary>
internal abstract class Contender : IAsyncDisposable
{
    public abstract string Name { get; }

    /// <summary>Creates the call of one of several concurrent callers.</summary>
    public abstract Task<Func<Task>> CreateCallerAsync(Payload payload);

    public abstract ValueTask DisposeAsync();

    protected static Func<Task> CreateCaller(Payloads.IAsync client, Payload payload) => payload switch
    {
        Payload.Small => () => client.small(PayloadValues.ShortText),
        Payload.Kilobyte => () => client.echo(PayloadValues.Text),
        Payload.Items => () => client.items(PayloadValues.ItemCount),
        _ => () => client.bytes(PayloadValues.LargeSize),
    };

#pragma warning disable TB0014 // The bare client is what the others are compared with.
    protected static async Task<Payloads.Client> ConnectBareAsync(ThriftEndpoint server)
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(IPAddress.Loopback, server.Port);
        var socket = new TSocketTransport(tcp, new TConfiguration());
        return new Payloads.Client(new TBinaryProtocol(server.Transport == ThriftTransport.Framed ? new TFramedTransport(socket) : new TBufferedTransport(socket)));
    }
#pragma warning restore TB0014
}

/// <summary>Thrift's own client, with a connection for each caller.</summary>
internal sealed class BareThrift(ThriftEndpoint server) : Contender
{
    private readonly ConcurrentBag<Payloads.Client> _clients = [];

    public override string Name => "ApacheThrift";

    public override async Task<Func<Task>> CreateCallerAsync(Payload payload)
    {
        var client = await ConnectBareAsync(server);
        _clients.Add(client);
        return CreateCaller(client, payload);
    }

    public override ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        return default;
    }
}

/// <summary>Thrift's own clients in the pool that users write: a semaphore and a stack.</summary>
internal sealed class SemaphorePool(ThriftEndpoint server) : Contender
{
    private readonly SemaphoreSlim _places = new(100);
    private readonly ConcurrentStack<Payloads.Client> _idle = new();

    public override string Name => "SemaphoreSlim pool";

    public override Task<Func<Task>> CreateCallerAsync(Payload payload) => Task.FromResult<Func<Task>>(async () =>
    {
        await _places.WaitAsync();
        try
        {
            var client = _idle.TryPop(out var idle) ? idle : await ConnectBareAsync(server);
            await CreateCaller(client, payload)();
            _idle.Push(client);
        }
        finally
        {
            _places.Release();
        }
    });

    public override ValueTask DisposeAsync()
    {
        foreach (var client in _idle)
        {
            client.Dispose();
        }

        _places.Dispose();
        return default;
    }
}

/// <summary>The generated client over a channel that all callers share.</summary>
internal sealed class BreakerClient(ThriftEndpoint server) : Contender
{
    private readonly PayloadsCircuitBreakerClient _client = PayloadsCircuitBreakerClient.Connect(server);

    public override string Name => "ThriftBreaker";

    public override Task<Func<Task>> CreateCallerAsync(Payload payload) => Task.FromResult(CreateCaller(_client, payload));

    public override ValueTask DisposeAsync() => _client.DisposeAsync();
}

/// <summary>gRPC over HTTP/2 without TLS, with a channel that all callers share.</summary>
internal sealed class GrpcClient(int port) : Contender
{
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");

    public override string Name => "gRPC";

    public override Task<Func<Task>> CreateCallerAsync(Payload payload)
    {
        var client = new GrpcPayloads.Payloads.PayloadsClient(_channel);
        var text = new GrpcPayloads.Text { Text_ = payload == Payload.Small ? PayloadValues.ShortText : PayloadValues.Text };
        var count = new GrpcPayloads.Count { Count_ = payload == Payload.Items ? PayloadValues.ItemCount : PayloadValues.LargeSize };
        return Task.FromResult<Func<Task>>(payload switch
        {
            Payload.Small => async () => await client.SmallAsync(text),
            Payload.Kilobyte => async () => await client.EchoAsync(text),
            Payload.Items => async () => await client.GetItemsAsync(count),
            _ => async () => await client.GetBytesAsync(count),
        });
    }

    public override ValueTask DisposeAsync()
    {
        _channel.Dispose();
        return default;
    }
}

/// <summary>Bytes of the same sizes over a socket for each caller: the least that a call can cost.</summary>
internal sealed class RawSocket(int port) : Contender
{
    private readonly ConcurrentBag<Socket> _sockets = [];

    public override string Name => "raw socket";

    public override async Task<Func<Task>> CreateCallerAsync(Payload payload)
    {
        var socket = new Socket(SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp) { NoDelay = true };
        _sockets.Add(socket);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var (requestSize, replySize) = PayloadValues.GetSizes(payload);
        var request = new byte[requestSize];
        BinaryPrimitives.WriteInt32BigEndian(request, requestSize);
        BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(4), replySize);
        var reply = new byte[replySize];
        return async () =>
        {
            await socket.SendAsync(request);
            for (var received = 0; received < replySize;)
            {
                received += await socket.ReceiveAsync(reply.AsMemory(received));
            }
        };
    }

    public override ValueTask DisposeAsync()
    {
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }

        return default;
    }
}
