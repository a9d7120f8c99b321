// The calls of Apache Thrift's cross test with the code that the Thrift compiler generates from ThriftTest.thrift. That
// contract is not in the repository, so ThriftTestAssembly compiles this file when the test runs.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Thrift;
using Thrift.Protocol;
using ThriftBreaker;
using ThriftBreaker.Integration.Tests.Peers.Cross;
using ThriftTest;
using Xunit;

public sealed class ThriftTestCalls : IThriftTestCalls
{
    private static readonly string AllLanguages =
        "Afrikaans, Alemannisch, Aragonés, العربية, مصرى, Asturianu, Azərbaycan, Беларуская, Български, বাংলা, Brezhoneg, Català, "
        + "Česky, Dansk, Ελληνικά, فارسی, Français, ગુજરાતી, עברית, हिन्दी, Íslenska, 日本語, ქართული, 한국어, Lietuvių, ไทย, Türkçe, Tiếng Việt, 中文";

    private static readonly Xtruct Thing = new() { String_thing = "Zero", Byte_thing = 1, I32_thing = -3, I64_thing = -5 };

    private static int oneways;

    private static readonly (string Name, Func<Call, Task> Make)[] All =
    [
        ("testVoid", call => call.Client.testVoid(call.Token)),
        ("testString", call => EchoStringsAsync(call, "Test", "", AllLanguages, "😀 𝄞 \u00a0\u2028\ufffd")),
        ("testString: quotes and slashes", call => EchoStringsAsync(call, "\"", "\\", "/", "\\\"/\\u0041'")),
        ("testString: \\b \\f \\n \\r \\t", call => EchoStringsAsync(call, "\b", "\f", "\n", "\r", "\t", "a\b\f\n\r\tz")),
        ("testString: U+0000", call => EchoStringsAsync(call, "a\0z")),
        ("testString: U+0001", call => EchoStringsAsync(call, "a\u0001z")),
        ("testString: U+001F, U+007F, U+0080", call => EchoStringsAsync(call, "a\u001fz", "a\u007fz", "a\u0080z")),
        ("testString: 100,000 characters", call => EchoStringsAsync(call, string.Concat(Enumerable.Repeat("ä€😀x", 20_000)))),
        ("testBool", call => EchoAsync(call.Client.testBool, call, true, false)),
        ("testByte", call => EchoAsync<sbyte>(call.Client.testByte, call, 0, 1, -1, sbyte.MinValue, sbyte.MaxValue)),
        ("testI32", call => EchoAsync(call.Client.testI32, call, 0, 1, -1, int.MinValue, int.MaxValue)),
        ("testI64", call => EchoAsync(call.Client.testI64, call, 0, 1, -1, -34_359_738_368, (1L << 53) - 1)),
        ("testI64: above 53 bits", call => EchoAsync(call.Client.testI64, call, (1L << 53) + 1, long.MinValue, long.MaxValue)),
        ("testDouble", call => EchoAsync(call.Client.testDouble, call, 0, 1, -1, -5.235098235, Math.PI, 1e-300, double.Epsilon, double.MinValue, double.MaxValue)),
        ("testDouble: -0", call => EchoAsync<long>(async (value, token) => BitConverter.DoubleToInt64Bits(await call.Client.testDouble(BitConverter.Int64BitsToDouble(value), token)), call, long.MinValue)),
        ("testDouble: NaN", call => EchoAsync(call.Client.testDouble, call, double.NaN)),
        ("testDouble: infinity", call => EchoAsync(call.Client.testDouble, call, double.PositiveInfinity, double.NegativeInfinity)),
        ("testBinary", call => EchoAsync<byte[]>(call.Client.testBinary, call, [], [0], [.. Enumerable.Range(0, 256).Select(value => (byte)value)])),
        ("testBinary: 100,000 bytes", call => EchoAsync<byte[]>(call.Client.testBinary, call, Enumerable.Range(0, 100_000).Select(value => (byte)(value * 7)).ToArray())),
        ("testStruct", call => EchoAsync(call.Client.testStruct, call, Thing, new Xtruct { String_thing = "", Byte_thing = 0, I32_thing = 0, I64_thing = 0 })),
        ("testNest", call => EchoAsync(call.Client.testNest, call, new Xtruct2 { Byte_thing = 1, Struct_thing = Thing, I32_thing = 5 })),
        ("testMap", call => EchoAsync<Dictionary<int, int>>(call.Client.testMap, call, [], Enumerable.Range(-5, 10).Append(int.MinValue).Append(int.MaxValue).ToDictionary(value => value, value => value / 3))),
        ("testStringMap", call => EchoAsync<Dictionary<string, string>>(call.Client.testStringMap, call, [], new() { ["a"] = "2", ["b"] = "blah", ["some"] = "thing", [AllLanguages] = "\"quoted\"", [""] = "" })),
        ("testSet", call => EchoAsync<HashSet<int>>(call.Client.testSet, call, [], [-2, -1, 0, 1, 2, int.MinValue, int.MaxValue])),
        ("testList", call => EchoAsync<List<int>>(call.Client.testList, call, [], [-2, -1, 0, 1, 2], [.. Enumerable.Range(0, 10_000)])),
        ("testEnum", call => EchoAsync(call.Client.testEnum, call, Enum.GetValues<Numberz>())),
        ("testTypedef", call => EchoAsync(call.Client.testTypedef, call, 309_858_235_082_523)),
        ("testMapMap", async call => Assert.Equal(
            new Dictionary<int, Dictionary<int, int>>
            {
                [-4] = new() { [-4] = -4, [-3] = -3, [-2] = -2, [-1] = -1 },
                [4] = new() { [1] = 1, [2] = 2, [3] = 3, [4] = 4 },
            },
            await call.Client.testMapMap(1, call.Token))),
        ("testInsanity", TestInsanityAsync),
        ("testMulti", async call => Assert.Equal(
            new Xtruct { String_thing = "Hello2", Byte_thing = 74, I32_thing = 0xff00ff, I64_thing = 0xffffffffd0d0 },
            await call.Client.testMulti(74, 0xff00ff, 0xffffffffd0d0, new() { [1] = "one", [short.MinValue] = "lowest" }, Numberz.FIVE, 0xf0f0f0, call.Token))),
        ("testException", call => call.Client.testException("success", call.Token)),
        ("testException: Xception", async call =>
        {
            var error = await Assert.ThrowsAsync<Xception>(() => call.Client.testException("Xception", call.Token));
            Assert.Equal((1001, "Xception"), (error.ErrorCode, error.Message));
        }),
        ("testException: TException", call => Assert.ThrowsAsync<TApplicationException>(() => call.Client.testException("TException", call.Token))),
        // Servers in C++ and Java send the other fields too.
        ("testMultiException", async call => Assert.Equal("text", (await call.Client.testMultiException("success", "text", call.Token)).String_thing)),
        ("testMultiException: Xception", async call =>
        {
            var error = await Assert.ThrowsAsync<Xception>(() => call.Client.testMultiException("Xception", "text", call.Token));
            Assert.Equal((1001, "This is an Xception"), (error.ErrorCode, error.Message));
        }),
        ("testMultiException: Xception2", async call =>
        {
            var error = await Assert.ThrowsAsync<Xception2>(() => call.Client.testMultiException("Xception2", "text", call.Token));
            Assert.Equal((2002, "This is an Xception2"), (error.ErrorCode, error.Struct_thing?.String_thing));
        }),
        ("testOneway", async call =>
        {
            var number = Interlocked.Increment(ref oneways);
            await call.Client.testOneway(number, call.Token);
            await call.ServerPrints($"oneway {number}");
        }),
        ("secondtestString", async call => Assert.Equal(AllLanguages, await call.Second.secondtestString(AllLanguages, call.Token))),
    ];

    public IReadOnlyList<string> Names { get; } = [.. All.Select(call => call.Name)];

    public IReadOnlyList<string> Methods { get; } =
        [.. typeof(ThriftTest.ThriftTest.IAsync).GetMethods().Concat(typeof(SecondService.IAsync).GetMethods()).Select(method => method.Name)];

    public IThriftTestClient Connect(ThriftEndpoint endpoint, bool isMultiplexed, TimeSpan callTimeout)
    {
        var options = new ThriftChannelOptions { CallTimeout = callTimeout };
        var first = ThriftTest.ThriftTest.CircuitBreakerClient.Connect(isMultiplexed ? endpoint with { Service = nameof(ThriftTest) } : endpoint, options);
        var second = isMultiplexed ? SecondService.CircuitBreakerClient.Connect(endpoint with { Service = nameof(SecondService) }, options) : null;
        return new Client(first, second, async () =>
        {
            await first.DisposeAsync();
            await (second?.DisposeAsync() ?? default);
        });
    }

    public IThriftTestClient ConnectBare(TProtocol protocol, bool isMultiplexed) => new Client(
        new ThriftTest.ThriftTest.Client(isMultiplexed ? new TMultiplexedProtocol(protocol, nameof(ThriftTest)) : protocol),
        isMultiplexed ? new SecondService.Client(new TMultiplexedProtocol(protocol, nameof(SecondService))) : null,
        () =>
        {
            protocol.Dispose();
            return default;
        });

    private static async Task TestInsanityAsync(Call call)
    {
        var argument = new Insanity
        {
            UserMap = new() { [Numberz.FIVE] = 5, [Numberz.EIGHT] = 8 },
            Xtructs = [new() { String_thing = "Goodbye4", Byte_thing = 4, I32_thing = 4, I64_thing = 4 }, new() { String_thing = "Hello2", Byte_thing = 2, I32_thing = 2, I64_thing = 2 }],
        };
        var result = await call.Client.testInsanity(argument, call.Token);
        Assert.Equal([1L, 2L], result.Keys.Order());
        Assert.Equal(new Dictionary<Numberz, Insanity> { [Numberz.TWO] = argument, [Numberz.THREE] = argument }, result[1]);

        // Some servers send its empty containers, others leave them out.
        var (number, empty) = Assert.Single(result[2]);
        Assert.Equal(Numberz.SIX, number);
        Assert.Empty(empty.UserMap ?? []);
        Assert.Empty(empty.Xtructs ?? []);
    }

    private static Task EchoStringsAsync(Call call, params string[] texts) => EchoAsync(call.Client.testString, call, texts);

    private static async Task EchoAsync<T>(Func<T, CancellationToken, Task<T>> method, Call call, params T[] values)
    {
        foreach (var value in values)
        {
            Assert.Equal(value, await method(value, call.Token));
        }
    }

    private sealed record Call(ThriftTest.ThriftTest.IAsync Client, SecondService.IAsync Second, Func<string, Task> ServerPrints, CancellationToken Token);

    private sealed class Client(ThriftTest.ThriftTest.IAsync first, SecondService.IAsync? second, Func<ValueTask> dispose) : IThriftTestClient
    {
        public Task CallAsync(string name, Func<string, Task> serverPrints, CancellationToken cancellationToken)
            => All.Single(call => call.Name == name).Make(new Call(first, second!, serverPrints, cancellationToken));

        public ValueTask DisposeAsync() => dispose();
    }
}

namespace ThriftTest
{
    [CircuitBreaker]
    public partial class ThriftTest;

    [CircuitBreaker]
    public partial class SecondService;
}
