using Thrift;
using Thrift.Protocol.Entities;
using Thrift.Transport;
using Thrift.Transport.Client;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests.Connections.Transports.Messages;

/// <summary>Random valid messages of all types, compared with the writer and the reader of Thrift's library.</summary>
public sealed class RandomMessageTests
{
    private const string Method = "method";
    private static readonly TMessage Reply = new(Method, TMessageType.Reply, 1);
    private static readonly int Messages = TestRun.Times(quick: 100, @long: 10_000);

    public static MatrixTheoryData<ThriftProtocol, bool> EveryWireFormat { get; } = new(Enum.GetValues<ThriftProtocol>(), [false, true]);

    [Theory]
    [MemberData(nameof(EveryWireFormat))]
    public async Task Request_HasTheBytesOfThriftsWriter(ThriftProtocol protocol, bool framed)
    {
        await ForEachMessageAsync(async random =>
        {
            var value = new RandomValues(random, binary: random.Next(2) == 0).CreateStruct();
            var transport = new ScriptedTransport([], framed);
            await WireProtocols.WriteAsync(WireProtocols.Create(protocol, transport), new TMessage(Method, TMessageType.Call, 77), value.WriteAsync);

            var expected = await WireProtocols.WriteWithThriftAsync(protocol, framed, new TMessage(Method, TMessageType.Call, 1), value);
            Assert.True(expected.AsSpan().SequenceEqual(transport.Sent), $"{value}\n{Convert.ToHexString(expected)}\n{Convert.ToHexString(transport.Sent)}");
        });
    }

    [Theory]
    [MemberData(nameof(EveryWireFormat))]
    public async Task Reply_HasTheValuesOfThriftsReader(ThriftProtocol protocol, bool framed)
    {
        await ForEachMessageAsync(async random =>
        {
            var binary = random.Next(2) == 0;
            var reply = await WireProtocols.WriteWithThriftAsync(protocol, framed, Reply, new RandomValues(random, binary).CreateStruct());
            var bytes = new TMemoryBufferTransport([.. reply], new TConfiguration());
            var expected = await WireProtocols.ReadAsync(WireProtocols.CreateThrift(protocol, framed ? new TFramedTransport(bytes) : bytes), thrift => RandomValue.ReadStructAsync(thrift, binary));

            var largestPart = random.Next(4) switch { 0 => 1 + random.Next(5), 1 => 1 + random.Next(100), 2 => 1 + random.Next(10_000), _ => int.MaxValue };
            var transport = new ScriptedTransport(reply, framed) { PartSize = () => random.Next(largestPart) + 1 };
            var actual = await WireProtocols.ReadReplyAsync(WireProtocols.Create(protocol, transport), Method, binary);

            Assert.True($"{expected}" == $"{actual}", $"{Convert.ToHexString(reply)}\n{expected}\n{actual}");
            Assert.True(transport.IsReusable, $"Bytes are left of {Convert.ToHexString(reply)}");
        });
    }

    private static async Task ForEachMessageAsync(Func<Random, Task> test)
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        for (var message = 0; message < Messages; message++)
        {
            await test(new Random(seed + message));
        }
    }
}
