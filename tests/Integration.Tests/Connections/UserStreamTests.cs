using System.Net.Sockets;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Connections;

/// <summary>Connections over streams of the user.</summary>
public sealed class UserStreamTests
{
    [Theory]
    [MemberData(nameof(WireFormat.SingleWrite), MemberType = typeof(WireFormat))]
    public async Task Request_IsOneWrite(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        await using var server = CalculatorServer.Start(wireFormat);
        var writes = 0;
        var endpoint = ThriftEndpoint.FromStream("counted", () => new WatchedStream(server.Port) { Writing = () => writes++ });
        await using var guarded = new Guarded(endpoint with { Transport = transport, Protocol = protocol });

        foreach (var size in new[] { 1, 100_000, 1_000_000 })
        {
            writes = 0;
            var text = new string('x', size);

            Assert.Equal(text, await guarded.Client.echo(text, TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
            Assert.Equal(1, writes);
        }
    }

    /// <summary>The read of one byte between two calls is that of the channel, which looks for the end of the stream.</summary>
    [Fact]
    public async Task StreamThatThrowsAtOnceBetweenCalls_IsReplaced()
    {
        await using var server = CalculatorServer.Start();
        var opened = 0;
        var endpoint = ThriftEndpoint.FromStream("broken", () =>
        {
            opened++;
            return new WatchedStream(server.Port) { Reading = static count => _ = count == 1 ? throw new NotSupportedException("This stream is gone.") : count };
        });
        await using var guarded = new Guarded(endpoint, options: new ThriftChannelOptions { MaxConnections = 1 });

        for (var call = 1; call <= 3; call++)
        {
            Assert.Equal("text", await guarded.Client.echo("text", TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
            Assert.Equal(call, opened);
        }
    }

    /// <summary>A stream to a server, with a callback before each operation.</summary>
    private sealed class WatchedStream : NetworkStream
    {
        public WatchedStream(int port)
            : base(Connect(port), ownsSocket: true)
        {
        }

        public Action Writing { get; init; } = static () => { };

        public Action<int> Reading { get; init; } = static _ => { };

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Writing();
            return base.WriteAsync(buffer, cancellationToken);
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Reading(buffer.Length);
            return base.ReadAsync(buffer, cancellationToken);
        }

        private static Socket Connect(int port)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect("127.0.0.1", port);
            return socket;
        }
    }
}
