using System.Buffers.Binary;
using System.Text;
using Thrift.Protocol;
using Thrift.Protocol.Entities;

namespace ThriftBreaker.Runtime.Tests.Connections.Transports.Messages;

/// <summary>Replies that are made to cost the client much more than they cost the server.</summary>
public sealed class HostileReplyTests
{
    private const string Method = "method";

    /// <summary>No test passes because of it: the work that these tests prevent takes many minutes.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    public static MatrixTheoryData<ThriftProtocol, bool> EveryWireFormat { get; } = new(Enum.GetValues<ThriftProtocol>(), [false, true]);

    public static TheoryData<ThriftProtocol> Protocols { get; } = [.. Enum.GetValues<ThriftProtocol>()];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task FramesInsideOfAText_AreJoinedAtOnce(int frameSize)
    {
        const int Frames = 400_000;
        const int TextSize = 15_000_000;
        var reply = new MemoryStream();
        WriteFrame(reply, Encoding.ASCII.GetBytes($$"""[1,"{{Method}}",2,1,{"1":{"str":"{{new string('x', TextSize)}}"""));
        for (var frame = 0; frame < Frames; frame++)
        {
            WriteFrame(reply, [.. Enumerable.Repeat((byte)'x', frameSize)]);
        }

        WriteFrame(reply, "\"}}]"u8);
        var transport = new ScriptedTransport(reply.ToArray(), framed: true);

        var value = await Task.Run(() => WireProtocols.ReadReplyAsync(WireProtocols.Create(ThriftProtocol.Json, transport), Method), TestContext.Current.CancellationToken)
            .WaitAsync(Deadline, TestContext.Current.CancellationToken);

        var text = (RandomValue.SimpleValue)((RandomValue.StructValue)value).Fields.Single().Value;
        Assert.Equal(new string('x', TextSize + (Frames * frameSize)), text.Value);
        Assert.True(transport.IsReusable);
    }

    /// <summary>A text that arrives in small parts is searched for its end once, and not from its start with each part.</summary>
    [Fact]
    public async Task TextInSmallParts_IsSearchedOnce()
    {
        const int TextSize = 8_000_000;
        var text = string.Concat(Enumerable.Repeat(@"xx\""\\xxx", TextSize / 9));
        var reply = Encoding.ASCII.GetBytes($$$"""[1,"{{{Method}}}",2,1,{"1":{"str":"{{{text}}}"}}]""");
        var transport = new ScriptedTransport(reply) { PartSize = static () => 17 };

        var value = await Task.Run(() => WireProtocols.ReadReplyAsync(WireProtocols.Create(ThriftProtocol.Json, transport), Method), TestContext.Current.CancellationToken)
            .WaitAsync(Deadline, TestContext.Current.CancellationToken);

        var read = (RandomValue.SimpleValue)((RandomValue.StructValue)value).Fields.Single().Value;
        Assert.Equal(string.Concat(Enumerable.Repeat("xx\"\\xxx", TextSize / 9)), read.Value);
    }

    /// <summary>Frames in the buffer are read without a receive, which would look at the token.</summary>
    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task FramesInTheBuffer_EndWithTheToken(ThriftProtocol protocol)
    {
        using var cancellation = new CancellationTokenSource();
        var transport = new ScriptedTransport(new byte[400], framed: true) { Wait = cancellation.CancelAsync };
        transport.BeginCall(method: null, cancellation.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WireProtocols.ReadReplyAsync(WireProtocols.Create(protocol, transport), Method));
    }

    /// <summary>Each list claims all of the bytes that follow, which are those of one list only.</summary>
    [Theory]
    [MemberData(nameof(EveryWireFormat))]
    public async Task NestedLists_CannotClaimTheSameBytes(ThriftProtocol protocol, bool framed)
    {
        const int Levels = 40;
        const int Count = 100_000;
        var bytes = new ScriptedTransport([]);
        var writer = WireProtocols.CreateThrift(protocol, bytes);
        await writer.WriteMessageBeginAsync(new TMessage(Method, TMessageType.Reply, 1), CancellationToken.None);
        for (var level = 0; level < Levels; level++)
        {
            await writer.WriteStructBeginAsync(default, CancellationToken.None);
            await writer.WriteFieldBeginAsync(new TField("", TType.List, 1), CancellationToken.None);
            await writer.WriteListBeginAsync(new TList(TType.Struct, Count), CancellationToken.None);
        }

        await writer.Transport.WriteAsync(new byte[Count * 2], CancellationToken.None);
        await writer.Transport.FlushAsync(CancellationToken.None);
        var reply = new MemoryStream();
        if (framed)
        {
            WriteFrame(reply, bytes.Sent);
        }
        else
        {
            reply.Write(bytes.Sent);
        }

        var reader = WireProtocols.Create(protocol, new ScriptedTransport(reply.ToArray(), framed));
        var lists = 0;
        await Assert.ThrowsAnyAsync<Exception>(() => WireProtocols.ReadReplyAsync(reader, Method, async from =>
        {
            for (; lists < Levels; lists++)
            {
                await from.ReadStructBeginAsync(CancellationToken.None);
                await from.ReadFieldBeginAsync(CancellationToken.None);
                await from.ReadListBeginAsync(CancellationToken.None);
            }

            return lists;
        }));

        Assert.InRange(lists, 1, 2);
    }

    [Theory]
    [MemberData(nameof(EveryWireFormat))]
    public async Task NestedListsOfOneReply_AreRead(ThriftProtocol protocol, bool framed)
    {
        var numbers = new RandomValue.ListValue(TType.List, TType.Byte, [.. Enumerable.Range(0, 100).Select(static number => new RandomValue.SimpleValue(TType.Byte, (sbyte)number))]);
        var value = Enumerable.Range(0, 5).Aggregate(
            new RandomValue.StructValue([(1, numbers)]),
            static (inner, _) => new RandomValue.StructValue([(1, new RandomValue.ListValue(TType.List, TType.Struct, [.. Enumerable.Repeat(inner, 4)]))]));
        var reply = await WireProtocols.WriteWithThriftAsync(protocol, framed, new TMessage(Method, TMessageType.Reply, 1), value);
        foreach (var partSize in new[] { 1, 100, int.MaxValue })
        {
            var connection = WireProtocols.Create(protocol, new ScriptedTransport(reply, framed) { PartSize = () => partSize });

            // The claims of one reply do not count for the next.
            Assert.Equal($"{value}", $"{await WireProtocols.ReadReplyAsync(connection, Method)}");
        }
    }

    [Theory]
    [MemberData(nameof(EveryWireFormat))]
    public async Task ForeignNameOfMegabytes_IsShortInTheMessage(ThriftProtocol protocol, bool framed)
    {
        foreach (var sequenceId in new[] { 1, 2 })
        {
            var name = "line\n" + new string('x', 5_000_000);
            var reply = await WireProtocols.WriteWithThriftAsync(protocol, framed, new TMessage(name, TMessageType.Reply, sequenceId), new RandomValue.StructValue([]));
            var transport = new ScriptedTransport(reply, framed);

            var error = await Assert.ThrowsAsync<TProtocolException>(() => WireProtocols.ReadReplyAsync(WireProtocols.Create(protocol, transport), Method));

            Assert.InRange(error.Message.Length, 1, 300);
            Assert.DoesNotContain('\n', error.Message);
        }
    }

    [Fact]
    public async Task NumberWithoutEnd_IsRejected()
    {
        var reply = Encoding.ASCII.GetBytes($$"""[1,"{{Method}}",2,1,{"1":{"i64":{{new string('1', 2_000)}}""");

        var error = await Assert.ThrowsAsync<TProtocolException>(
            () => WireProtocols.ReadReplyAsync(WireProtocols.Create(ThriftProtocol.Json, new ScriptedTransport(reply) { StaysOpen = true }), Method));

        Assert.Contains("too long", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Thrift reads the strings that it skips as bytes, so other text is no error. It must not become zeros.</summary>
    [Theory]
    [InlineData("QUJD    QUJD")]
    [InlineData("QUJD\\nQUI=")]
    [InlineData("QUJD QU")]
    [InlineData("!!!!")]
    public async Task TextThatIsNotBase64_GivesNoBytes(string text)
    {
        var reply = Encoding.ASCII.GetBytes($$$"""[1,"{{{Method}}}",2,1,{"1":{"str":"{{{text}}}"}}]""");

        var value = await WireProtocols.ReadReplyAsync(WireProtocols.Create(ThriftProtocol.Json, new ScriptedTransport(reply)), Method, binary: true);

        Assert.Empty((byte[])((RandomValue.SimpleValue)((RandomValue.StructValue)value).Fields.Single().Value).Value);
    }

    private static void WriteFrame(MemoryStream frames, ReadOnlySpan<byte> content)
    {
        Span<byte> header = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(header, content.Length);
        frames.Write(header);
        frames.Write(content);
    }
}
