using Thrift;
using Thrift.Protocol;
using Thrift.Protocol.Entities;
using Thrift.Transport;
using Thrift.Transport.Client;
using ThriftBreaker.Generator.Tests.Harness;
using ThriftBreaker.Runtime.Tests.Connections.Transports;
using ThriftBreaker.Runtime.Tests.Connections.Transports.Messages;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Integration.Tests.Messages;

/// <summary>
/// Random structs of the contracts of public projects: Thrift's generated code writes and reads them over our protocols
/// and over Thrift's own.
/// </summary>
public sealed class ContractStructTests
{
    private const string Method = "method";
    private static readonly TMessage Request = new(Method, TMessageType.Call, 1);
    private static readonly TMessage Reply = new(Method, TMessageType.Reply, 1);
    private static readonly int Structs = TestRun.Times(quick: 3_000, @long: 1_000_000);
    private static readonly ThriftProtocol[] Protocols = Enum.GetValues<ThriftProtocol>();

    [Fact]
    public async Task RandomStruct_HasTheBytesAndTheValuesOfThriftsProtocols()
    {
        RealContract.SkipUnlessAvailable();

        // To compile all contracts takes two minutes.
        var contracts = RealContract.WithServices.Where(static (_, number) => TestRun.IsLong || number % 40 == 0);
        var types = contracts.AsParallel().AsOrdered().SelectMany(ContractAssembly.LoadStructs).ToArray();
        Assert.True(types.Length >= (TestRun.IsLong ? 5_000 : 100), $"Only {types.Length} structs were found.");
        var seed = Random.Shared.Next(int.MaxValue - Structs);
        var readErrors = 0;
        TestContext.Current.TestOutputHelper!.WriteLine($"{types.Length} types, seed {seed}");

        await Parallel.ForAsync(0, Structs, TestContext.Current.CancellationToken, async (number, _) =>
        {
            var type = types[number % types.Length];
            var (round, random) = (number / types.Length, new Random(seed + number));
            var value = new RandomStruct(random).Create(type);
            var protocol = Protocols[round % Protocols.Length];
            var framed = round / Protocols.Length % 2 == 0;
            var test = $"seed {seed}, number {number}: {type}, {protocol}, framed {framed}";

            var transport = new ScriptedTransport([], framed);
            await WireProtocols.WriteAsync(WireProtocols.Create(protocol, transport), Request, to => value.WriteAsync(to, CancellationToken.None));
            AssertEqual(await WireProtocols.WriteWithThriftAsync(protocol, framed, Request, to => value.WriteAsync(to, CancellationToken.None)), transport.Sent, test);

            var reply = await WireProtocols.WriteWithThriftAsync(protocol, framed, Reply, to => value.WriteAsync(to, CancellationToken.None));
            var bytes = new TMemoryBufferTransport([.. reply], new TConfiguration());
            var largestPart = random.Next(2) == 0 ? int.MaxValue : 1 + random.Next(200);
            var received = new ScriptedTransport(reply, framed) { PartSize = () => 1 + random.Next(largestPart) };
            var (expected, expectedError) = await ReadAsync(() => WireProtocols.ReadAsync(WireProtocols.CreateThrift(protocol, framed ? new TFramedTransport(bytes) : bytes), from => FillAsync(type, from)));
            var (actual, actualError) = await ReadAsync(() => WireProtocols.ReadReplyAsync(WireProtocols.Create(protocol, received), Method, from => FillAsync(type, from)));
            Assert.True(expectedError?.GetType() == actualError?.GetType() && expectedError?.Message == actualError?.Message, $"{test}: {expectedError}\n{actualError}");
            if (expected is null)
            {
                Interlocked.Increment(ref readErrors);
                return;
            }

            // The bytes of a struct are those of all its fields.
            AssertEqual(await WriteAsync(expected), await WriteAsync(actual!), test);
        });

        TestContext.Current.TestOutputHelper!.WriteLine($"{readErrors} of {Structs} structs lack a required field.");
        Assert.True(readErrors < Structs / 2, $"{readErrors} of {Structs} structs could not be read.");
    }

    private static async Task<TBase> FillAsync(Type type, TProtocol from)
    {
        var value = (TBase)Activator.CreateInstance(type)!;
        await value.ReadAsync(from, CancellationToken.None);
        return value;
    }

    private static async Task<(TBase? Value, TProtocolException? Error)> ReadAsync(Func<Task<TBase>> read)
    {
        try
        {
            return (await read(), null);
        }
        catch (TProtocolException error)
        {
            // A required field is missing.
            return (null, error);
        }
    }

    private static Task<byte[]> WriteAsync(TBase value)
        => WireProtocols.WriteWithThriftAsync(ThriftProtocol.Binary, framed: false, Reply, to => value.WriteAsync(to, CancellationToken.None));

    private static void AssertEqual(byte[] expected, byte[] actual, string test)
        => Assert.True(expected.AsSpan().SequenceEqual(actual), $"{test}\n{Convert.ToHexString(expected)}\n{Convert.ToHexString(actual)}");
}
