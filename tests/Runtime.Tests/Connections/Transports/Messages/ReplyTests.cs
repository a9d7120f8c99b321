using System.Buffers.Binary;
using System.Text;
using Thrift;
using Thrift.Protocol;
using Thrift.Protocol.Entities;
using Thrift.Transport;

namespace ThriftBreaker.Runtime.Tests.Connections.Transports.Messages;

/// <summary>Replies that are incomplete, too large, or claim more than they have.</summary>
public sealed class ReplyTests
{
    private const string Method = "method";
    private const int Gigabyte = 1 << 30;

    /// <summary>A client may allocate as much for a reply of 45 bytes, whatever it claims.</summary>
    private const int MaxAllocatedBytes = 1024 * 1024;

    private static readonly TMessage Header = new(Method, TMessageType.Reply, 1);

    /// <summary>A value of each type, and of each in a container.</summary>
    private static readonly RandomValue.StructValue Sample = new(
    [
        (1, new RandomValue.SimpleValue(TType.Bool, true)),
        (2, new RandomValue.SimpleValue(TType.Byte, (sbyte)-3)),
        (3, new RandomValue.SimpleValue(TType.I16, (short)-300)),
        (4, new RandomValue.SimpleValue(TType.I32, 1 << 20)),
        (50, new RandomValue.SimpleValue(TType.I64, 1L << 40)),
        (6, new RandomValue.SimpleValue(TType.Double, 0.1)),
        (7, new RandomValue.SimpleValue(TType.Uuid, new Guid("7be19115-1058-4ead-948f-3e404f86faee"))),
        (8, new RandomValue.SimpleValue(TType.String, "\"text\" \u0001 äöü 😀")),
        (9, new RandomValue.StructValue([(1, new RandomValue.SimpleValue(TType.Bool, false))])),
        (10, new RandomValue.ListValue(TType.List, TType.Bool, [new RandomValue.SimpleValue(TType.Bool, true), new RandomValue.SimpleValue(TType.Bool, false)])),
        (11, new RandomValue.ListValue(TType.Set, TType.I32, [.. Enumerable.Range(0, 20).Select(static number => new RandomValue.SimpleValue(TType.I32, number))])),
        (12, new RandomValue.MapValue(TType.String, TType.Struct, [(new RandomValue.SimpleValue(TType.String, "key"), new RandomValue.StructValue([]))])),
        (13, new RandomValue.MapValue(TType.I32, TType.Double, [])),
    ]);

    /// <summary>A claim of each container and of strings, as the type and the header of the first field.</summary>
    private static readonly Dictionary<string, Func<TProtocol, int, Task>> Claims = new()
    {
        ["list of structs"] = static (protocol, count) => protocol.WriteListBeginAsync(new TList(TType.Struct, count)),
        ["list of bytes"] = static (protocol, count) => protocol.WriteListBeginAsync(new TList(TType.Byte, count)),
        ["set of integers"] = static (protocol, count) => protocol.WriteSetBeginAsync(new TSet(TType.I64, count)),
        ["map of bytes"] = static (protocol, count) => protocol.WriteMapBeginAsync(new TMap(TType.Byte, TType.Bool, count)),
        ["string"] = WriteLengthAsync,
        ["binary"] = WriteLengthAsync,
    };

    public static MatrixTheoryData<ThriftProtocol, bool> EveryWireFormat { get; } = new(Enum.GetValues<ThriftProtocol>(), [false, true]);

    /// <summary>In JSON, strings have no length before them.</summary>
    public static TheoryData<ThriftProtocol, bool, string> EveryClaim { get; } = new(
        from protocol in Enum.GetValues<ThriftProtocol>()
        from framed in new[] { false, true }
        from claim in Claims.Keys
        where protocol != ThriftProtocol.Json || claim is not ("string" or "binary")
        select (protocol, framed, claim));

    /// <summary>The claim is below the limit of a message, and far beyond the bytes that follow.</summary>
    [Theory]
    [MemberData(nameof(EveryClaim))]
    public async Task Claim_AllocatesNoMoreThanHasArrived(ThriftProtocol protocol, bool framed, string claim)
    {
        var reply = await CreateClaimAsync(protocol, framed, claim, count: 10_000_000);
        Assert.InRange(reply.Length, 20, 60);
        var (error, allocated) = await ReadAsync(protocol, framed, reply, claim);

        Assert.True(error is TTransportException { Type: TTransportException.ExceptionType.EndOfFile } or TProtocolException, $"{error}");
        Assert.True(allocated < MaxAllocatedBytes, $"{allocated} bytes allocated");
    }

    [Theory]
    [MemberData(nameof(EveryClaim))]
    public async Task ClaimBeyondLimit_IsRejectedAtOnce(ThriftProtocol protocol, bool framed, string claim)
    {
        var reply = await CreateClaimAsync(protocol, framed, claim, Gigabyte);
        var (error, allocated) = await ReadAsync(protocol, framed, reply, claim, staysOpen: true);

        Assert.Equal(TTransportException.ExceptionType.MessageSizeLimit, Assert.IsType<TTransportException>(error).Type);
        Assert.True(allocated < MaxAllocatedBytes, $"{allocated} bytes allocated");
    }

    [Theory]
    [MemberData(nameof(EveryClaim))]
    public async Task NegativeCount_IsRejectedAtOnce(ThriftProtocol protocol, bool framed, string claim)
    {
        var reply = await CreateClaimAsync(protocol, framed, claim, count: -2);
        var (error, _) = await ReadAsync(protocol, framed, reply, claim, staysOpen: true);

        Assert.Equal(TProtocolException.NEGATIVE_SIZE, Assert.IsType<TProtocolException>(error).GetExceptionType());
    }

    [Fact]
    public async Task LargestFrameThatNeverArrives_HoldsOneBuffer()
    {
        byte[] frame = [0, 0, 0, 0, .. new byte[40]];
        BinaryPrimitives.WriteInt32BigEndian(frame, 16_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var transport = new ScriptedTransport(frame, framed: true) { StaysOpen = true };
        using var cancellation = new CancellationTokenSource();
        transport.BeginCall(method: null, cancellation.Token);

        var reading = transport.ReadAllAsync(new byte[1], 0, 1, CancellationToken.None);

        Assert.True(reading.IsCompletedSuccessfully);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 64 * 1024);
        await cancellation.CancelAsync();
    }

    /// <summary>Each message is cut at each byte, and received whole or byte by byte.</summary>
    [Theory]
    [MemberData(nameof(EveryWireFormat))]
    public async Task TruncatedReply_FailsAtEachByte(ThriftProtocol protocol, bool framed)
    {
        var reply = await WireProtocols.WriteWithThriftAsync(protocol, framed, Header, Sample);
        Assert.InRange(reply.Length, 100, 5_000);
        for (var length = 0; length < reply.Length; length++)
        {
            foreach (var partSize in new[] { 1, int.MaxValue })
            {
                var transport = new ScriptedTransport(reply[..length], framed) { PartSize = () => partSize };
                var error = await Assert.ThrowsAsync<TTransportException>(() => WireProtocols.ReadReplyAsync(WireProtocols.Create(protocol, transport), Method));
                Assert.Equal(TTransportException.ExceptionType.EndOfFile, error.Type);
                Assert.Equal(length > 0, transport.HasReceivedReply);
            }
        }
    }

    /// <summary>Each byte of a message is replaced. Most replies then are unreadable, and none is read further than it is.</summary>
    [Theory]
    [MemberData(nameof(EveryWireFormat))]
    public async Task LyingReply_EndsAtEachByte(ThriftProtocol protocol, bool framed)
    {
        var reply = await WireProtocols.WriteWithThriftAsync(protocol, framed, Header, Sample);
        for (var index = 0; index < reply.Length; index++)
        {
            foreach (var value in new byte[] { 0, 1, 0x7F, 0x80, 0xFF, (byte)(reply[index] + 1) })
            {
                byte[] lying = [.. reply];
                lying[index] = value;
                var (error, allocated) = await ReadAsync(protocol, framed, lying, "struct");

                Assert.True(error is null or TProtocolException or TTransportException, $"{index}: {error}");
                Assert.True(allocated < MaxAllocatedBytes, $"{index}: {allocated} bytes allocated");
            }
        }
    }

    [Theory]
    [MemberData(nameof(EveryWireFormat))]
    public async Task ReplyOfMaxMessageSize_IsReadAndOneByteMoreIsRejected(ThriftProtocol protocol, bool framed)
    {
        var value = new RandomValue.StructValue([(1, new RandomValue.SimpleValue(TType.String, new string('x', 100_000)))]);
        var reply = await WireProtocols.WriteWithThriftAsync(protocol, framed, Header, value);
        foreach (var partSize in new[] { 1_000, int.MaxValue })
        {
            var atLimit = new ScriptedTransport(reply, framed, new TConfiguration { MaxMessageSize = reply.Length }) { PartSize = () => partSize };
            Assert.Equal($"{value}", $"{await WireProtocols.ReadReplyAsync(WireProtocols.Create(protocol, atLimit), Method)}");

            var beyondLimit = new ScriptedTransport(reply, framed, new TConfiguration { MaxMessageSize = reply.Length - 1 }) { PartSize = () => partSize };
            var error = await Assert.ThrowsAsync<TTransportException>(() => WireProtocols.ReadReplyAsync(WireProtocols.Create(protocol, beyondLimit), Method));
            Assert.Equal(TTransportException.ExceptionType.MessageSizeLimit, error.Type);
        }
    }

    [Theory]
    [InlineData(ThriftProtocol.Binary)]
    [InlineData(ThriftProtocol.Compact)]
    [InlineData(ThriftProtocol.Json)]
    public async Task FrameOfMaxFrameSize_IsReadAndOneByteMoreIsRejected(ThriftProtocol protocol)
    {
        var reply = await WireProtocols.WriteWithThriftAsync(protocol, framed: true, Header, Sample);

        await WireProtocols.ReadReplyAsync(WireProtocols.Create(protocol, new ScriptedTransport(reply, framed: true, new TConfiguration { MaxFrameSize = reply.Length - 4 })), Method);

        var beyondLimit = new ScriptedTransport(reply, framed: true, new TConfiguration { MaxFrameSize = reply.Length - 5 });
        var error = await Assert.ThrowsAsync<TTransportException>(() => WireProtocols.ReadReplyAsync(WireProtocols.Create(protocol, beyondLimit), Method));
        Assert.StartsWith("Maximum frame size exceeded", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(EveryWireFormat))]
    public async Task ReplyThatFitsBuffer_IsReceivedAtOnce(ThriftProtocol protocol, bool framed)
    {
        var reply = await WireProtocols.WriteWithThriftAsync(protocol, framed, Header, new RandomValue.StructValue([(1, new RandomValue.SimpleValue(TType.I32, 42))]));
        var transport = new ScriptedTransport(reply, framed);

        await WireProtocols.ReadReplyAsync(WireProtocols.Create(protocol, transport), Method);

        Assert.Equal(1, transport.ReceiveCount);
        Assert.True(transport.IsReusable);
    }

    [Theory]
    [MemberData(nameof(EveryWireFormat))]
    public async Task SurplusBytes_MakeTheConnectionUnusable(ThriftProtocol protocol, bool framed)
    {
        var reply = await WireProtocols.WriteWithThriftAsync(protocol, framed, Header, new RandomValue.StructValue([]));
        var transport = new ScriptedTransport([.. reply, 0], framed);

        await WireProtocols.ReadReplyAsync(WireProtocols.Create(protocol, transport), Method);

        Assert.False(transport.IsReusable);
    }

    /// <summary>A message can be in several frames, as Thrift's transports read them. A length is within its frame.</summary>
    [Theory]
    [InlineData(ThriftProtocol.Binary)]
    [InlineData(ThriftProtocol.Compact)]
    [InlineData(ThriftProtocol.Json)]
    public async Task ReplyInTwoFrames_IsRead(ThriftProtocol protocol)
    {
        var value = new RandomValue.StructValue([(1, new RandomValue.SimpleValue(TType.I64, 1L << 40)), (2, new RandomValue.SimpleValue(TType.I32, 1 << 20))]);
        var reply = await WireProtocols.WriteWithThriftAsync(protocol, framed: false, Header, value);
        var endOfName = reply.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Method)) + Method.Length;
        for (var split = endOfName; split < reply.Length; split++)
        {
            foreach (var partSize in new[] { 1, 7, int.MaxValue })
            {
                byte[] frames = [0, 0, 0, (byte)split, .. reply[..split], 0, 0, 0, 0, 0, 0, 0, (byte)(reply.Length - split), .. reply[split..]];
                var transport = new ScriptedTransport(frames, framed: true) { PartSize = () => partSize };

                Assert.Equal($"{value}", $"{await WireProtocols.ReadReplyAsync(WireProtocols.Create(protocol, transport), Method)}");
                Assert.True(transport.IsReusable);
            }
        }
    }

    private static async Task<byte[]> CreateClaimAsync(ThriftProtocol protocol, bool framed, string claim, int count)
    {
        var bytes = new ScriptedTransport([]);
        var writer = WireProtocols.CreateThrift(protocol, bytes);
        await writer.WriteMessageBeginAsync(Header, CancellationToken.None);
        await writer.WriteStructBeginAsync(default, CancellationToken.None);
        await writer.WriteFieldBeginAsync(new TField("any", GetType(claim), 1), CancellationToken.None);
        if (protocol == ThriftProtocol.Compact && count < 0 && GetType(claim) is (TType.List or TType.Set))
        {
            // A count of more than 14, with an element type.
            await writer.WriteByteAsync(unchecked((sbyte)0xFC), CancellationToken.None);
            await WriteLengthAsync(writer, count);
        }
        else
        {
            await Claims[claim](writer, count);
        }

        await writer.Transport.WriteAsync(protocol == ThriftProtocol.Json ? Encoding.ASCII.GetBytes(",1,2,3]") : new byte[8], CancellationToken.None);
        await writer.Transport.FlushAsync(CancellationToken.None);
        if (!framed)
        {
            return bytes.Sent;
        }

        byte[] frame = [0, 0, 0, 0, .. bytes.Sent];
        BinaryPrimitives.WriteInt32BigEndian(frame, bytes.Sent.Length);
        return frame;
    }

    /// <summary>In the binary protocol, a length is an integer; in the compact one, an integer that is not in zigzag.</summary>
    private static Task WriteLengthAsync(TProtocol protocol, int length)
        => protocol is TCompactProtocol ? protocol.WriteI64Async(ToZigzag((uint)length), CancellationToken.None) : protocol.WriteI32Async(length, CancellationToken.None);

    private static long ToZigzag(uint number) => (long)(number >> 1) ^ -(long)(number & 1);

    private static TType GetType(string claim) => claim.Split(' ')[0] switch
    {
        "list" => TType.List,
        "set" => TType.Set,
        "map" => TType.Map,
        _ => TType.String,
    };

    /// <summary>Reads a reply as generated code does, which allocates containers by their counts.</summary>
    private static async Task<(Exception? Error, long Allocated)> ReadAsync(ThriftProtocol protocol, bool framed, byte[] reply, string claim, bool staysOpen = false)
    {
        var transport = new ScriptedTransport(reply, framed) { StaysOpen = staysOpen };
        var reader = WireProtocols.Create(protocol, transport);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = await Record.ExceptionAsync(async () =>
        {
            if (claim == "struct")
            {
                await WireProtocols.ReadReplyAsync(reader, Method);
                return;
            }

            await reader.WriteMessageBeginAsync(Header, CancellationToken.None);
            await reader.Transport.FlushAsync(CancellationToken.None);
            await reader.ReadMessageBeginAsync(CancellationToken.None);
            await reader.ReadStructBeginAsync(CancellationToken.None);
            await reader.ReadFieldBeginAsync(CancellationToken.None);
            _ = claim switch
            {
                "string" => await reader.ReadStringAsync(CancellationToken.None),
                "binary" => await reader.ReadBinaryAsync(CancellationToken.None),
                "list of structs" => new List<object>((await reader.ReadListBeginAsync(CancellationToken.None)).Count),
                "list of bytes" => new List<sbyte>((await reader.ReadListBeginAsync(CancellationToken.None)).Count),
                "set of integers" => new HashSet<long>((await reader.ReadSetBeginAsync(CancellationToken.None)).Count),
                _ => (object)new Dictionary<sbyte, bool>((await reader.ReadMapBeginAsync(CancellationToken.None)).Count),
            };
        });
        return (error, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
