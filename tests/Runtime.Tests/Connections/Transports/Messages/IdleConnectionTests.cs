using Thrift.Protocol.Entities;

namespace ThriftBreaker.Runtime.Tests.Connections.Transports.Messages;

/// <summary>The memory that idle connections hold. Not in parallel: it is that of the process.</summary>
[Collection(nameof(NonParallel))]
public sealed class IdleConnectionTests
{
    private const string Method = "method";

    public static MatrixTheoryData<ThriftProtocol, bool> EveryWireFormat { get; } = new(Enum.GetValues<ThriftProtocol>(), [false, true]);

    /// <summary>Buffers are rented during a call; the first replies fill the pool, which all connections share.</summary>
    [Theory]
    [MemberData(nameof(EveryWireFormat))]
    public async Task IdleConnectionsAfterLargeReplies_HoldNoBuffer(ThriftProtocol protocol, bool framed)
    {
        const int Connections = 16;
        var numbers = new RandomValue.ListValue(TType.List, TType.Double, [.. Enumerable.Range(0, 125_000).Select(static number => new RandomValue.SimpleValue(TType.Double, number / 7.0))]);
        var value = new RandomValue.StructValue([(1, numbers), (2, new RandomValue.SimpleValue(TType.String, new string('x', 1_000_000)))]);
        var reply = await WireProtocols.WriteWithThriftAsync(protocol, framed, new TMessage(Method, TMessageType.Reply, 1), value);
        await OpenAfterReplyAsync();

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var connections = new List<CallProtocol>();
        for (var connection = 0; connection < Connections; connection++)
        {
            connections.Add(await OpenAfterReplyAsync());
        }

        var held = (GC.GetTotalMemory(forceFullCollection: true) - before) / Connections;
        GC.KeepAlive(connections);
        Assert.True(held < 64 * 1024, $"{held} bytes are held by each connection");

        async Task<CallProtocol> OpenAfterReplyAsync()
        {
            var connection = WireProtocols.Create(protocol, new ScriptedTransport(reply, framed));
            await WireProtocols.ReadReplyAsync(connection, Method);
            return connection;
        }
    }
}
