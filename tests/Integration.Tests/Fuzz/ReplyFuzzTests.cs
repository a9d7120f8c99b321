using Circuit.Calculators;
using Microsoft.Extensions.Time.Testing;
using Thrift;
using Thrift.Protocol;
using Thrift.Transport;
using ThriftBreaker.Integration.Tests.Servers;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Integration.Tests.Fuzz;

/// <summary>
/// Replies that are broken in every way that random can think of: the call ends at once, with a documented exception or a result; it takes no
/// memory beyond the limits; a reply to something else is never its answer; and the next call on the channel is right.
/// </summary>
public sealed class ReplyFuzzTests
{
    /// <summary>Of a reply, and of a frame.</summary>
    private const int Limit = 64 * 1024;

    /// <summary>What a call may read beyond that before it notices: a buffer.</summary>
    private const int Buffer = 4 * 1024;

    /// <summary>What a call may allocate on the word of a reply: containers and texts that say how long they are.</summary>
    private const int Memory = 16 * Limit;

    /// <summary>And for each byte that it reads: a field of one byte becomes an object, and Thrift's JSON reads bytes one by one.</summary>
    private const int MemoryOfAByte = 256;

    /// <summary>In each way of speaking; rounded up, so that all together are as many as they are said to be.</summary>
    private static readonly int StreamsOfEach = (int)Math.Ceiling(TestRun.Times(quick: 2_000, @long: 100_000) / (double)WireFormat.All.Count);

    private static readonly ThriftChannelOptions Limits = new() { MaxMessageSize = Limit, MaxFrameSize = Limit };

    [Theory]
    [MemberData(nameof(WireFormat.All), MemberType = typeof(WireFormat))]
    public async Task ABrokenReplyHarmsNobody(ThriftTransport transport, ThriftProtocol protocol)
    {
        await using var bench = new Bench(new WireFormat(transport, protocol));
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");

        // On a thread of its own, so that a call that never ends, or that does not let go, is seen.
        var streams = Task.Run(async () =>
        {
            for (var stream = 0; stream < StreamsOfEach; stream++)
            {
                await bench.BreakAReplyAsync(seed + stream);
            }
        }, TestContext.Current.CancellationToken);
        await Task.WhenAny(streams, Task.Delay(Deadline.Long, TestContext.Current.CancellationToken));
        Assert.True(streams.IsCompleted, $"Hangs: {bench.Stream}");
        await streams;
        TestContext.Current.TestOutputHelper?.WriteLine(bench.ToString());

        // The others, and nearly all of them waited for silence, ended on another thread than they began on.
        Assert.True(bench.Measured > StreamsOfEach / 2, $"Of {StreamsOfEach} calls only {bench.Measured} could be measured.");
    }

    /// <summary>Streams that once did harm, as the test above prints them.</summary>
    /// <param name="transport">How it is spoken.</param>
    /// <param name="protocol">How it is written.</param>
    /// <param name="request">Which of the requests is answered with it.</param>
    /// <param name="calls">Which call of its connection that is.</param>
    /// <param name="bytes">What comes.</param>
    /// <param name="forever">What comes then, again and again.</param>
    /// <param name="mercy">What may be made of it.</param>
    [Theory]

    // The reply to the next request with this one's, in one frame and in one buffer.
    [InlineData(ThriftTransport.Framed, ThriftProtocol.Binary, 0, 2, "0000003280010002000000046563686F000000020B000000000001610080010002000000046563686F000000030B0000000000016200", "", Mercy.Anything)]
    [InlineData(ThriftTransport.Buffered, ThriftProtocol.Binary, 0, 2, "80010002000000046563686F000000020B000000000001610080010002000000046563686F000000030B0000000000016200", "", Mercy.Anything)]

    // A reply with the number of the request, but another method's; a request in the place of a reply.
    [InlineData(ThriftTransport.Buffered, ThriftProtocol.Binary, 3, 2, "8001000200000004736C6F77000000020800000000000700", "", Mercy.MustFail)]
    [InlineData(ThriftTransport.Buffered, ThriftProtocol.Binary, 3, 2, "800100010000000963616C63756C617465000000020800000000000700", "", Mercy.MustFail)]

    // A text of -1 bytes: ArgumentOutOfRangeException. A number that is none: OverflowException.
    [InlineData(ThriftTransport.Raw, ThriftProtocol.Compact, 0, 2, "824102046563686F0800FFFFFFFF0F", "", Mercy.MustFail)]
    [InlineData(ThriftTransport.Raw, ThriftProtocol.Json, 3, 2, "5B312C2263616C63756C617465222C322C322C7B2230223A7B22693332223A39393939393939393939393939393939393939397D7D5D", "", Mercy.MustFail)]
    public async Task NorDoesOneThatOnceDid(ThriftTransport transport, ThriftProtocol protocol, int request, int calls, string bytes, string forever, Mercy mercy)
    {
        await using var bench = new Bench(new WireFormat(transport, protocol));
        await bench.SendAsync(request, calls, new(Convert.FromHexString(bytes), forever.Length == 0 ? null : Convert.FromHexString(forever)), mercy);
    }

    /// <summary>One channel to a scripted server.</summary>
    private sealed class Bench : IAsyncDisposable
    {
        private readonly WireFormat _wireFormat;
        private readonly ScriptedServer _server;
        private readonly FakeTimeProvider _clock = new();
        private readonly Calculator.CircuitBreakerClient _client;
        private readonly SortedDictionary<string, int> _ends = new(StringComparer.Ordinal);
        private long _mostAllocated;

        public Bench(WireFormat wireFormat)
        {
            _wireFormat = wireFormat;
            _server = new ScriptedServer(wireFormat);
            _client = Unprotected.Connect(new ThriftChannel(_server.Endpoint, Limits with { TimeProvider = _clock }));
        }

        /// <summary>What is under way, to be done again.</summary>
        public string Stream { get; private set; } = "";

        /// <summary>Calls whose memory could be counted: they ended on the thread that they began on.</summary>
        public int Measured { get; private set; }

        public ValueTask DisposeAsync() => new(_client.DisposeAsync().AsTask().WaitAsync(Deadline.Short));

        public override string ToString()
            => $"{_server.Accepted} connections, {_mostAllocated} bytes at most in {Measured} calls; {string.Join(", ", _ends.Select(static end => $"{end.Value} {end.Key}"))}";

        public async Task BreakAReplyAsync(int seed)
        {
            var random = new Random(seed);
            var request = random.Next(Requests.All.Length);
            var right = await EndAsync(Requests.All[request]);
            await TamperAsync(Tamperings.Choose(_wireFormat.Transport, random), request, right, seed);
        }

        public async Task SendAsync(int request, int calls, ScriptedServer.Script stream, Mercy mercy)
        {
            for (var call = 1; call < calls; call++)
            {
                await EndAsync(Requests.All[request]);
            }

            await TamperAsync(new("as recorded", mercy, (_, _) => stream), request, right: null, seed: 0);
        }

        private async Task TamperAsync(Tampering tampering, int request, End? right, int seed)
        {
            _server.Next = tampering.Apply;
            var before = GC.GetAllocatedBytesForCurrentThread() - _server.Allocated;
            var thread = Environment.CurrentManagedThreadId;
            Stream = $"seed {seed}, {tampering.Name}";
            var end = await EndAsync(Requests.All[request]);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - _server.Allocated - before;
            Stream = $"{Stream}: {end}\n[InlineData(ThriftTransport.{_wireFormat.Transport}, ThriftProtocol.{_wireFormat.Protocol}, {request}, {_server.Calls}, "
                + $"\"{Convert.ToHexString(_server.Sent.Bytes)}\", \"{Convert.ToHexString(_server.Sent.Forever ?? [])}\", Mercy.{tampering.Mercy})]";

            Assert.True(end.IsDocumented(_server.Endpoint), $"Not documented: {Stream}\n{end.Error}");
            Assert.True(tampering.Mercy != Mercy.MustFail || end.Error is TProtocolException or TTransportException or TimeoutException, $"Read: {Stream}");
            Assert.True(tampering.Mercy != Mercy.MustBeRight || $"{end}" == $"{right}", $"Wrong, instead of {right}: {Stream}");
            Assert.True(_server.Read <= Limit + Buffer, $"{_server.Read} bytes read: {Stream}");
            if (thread == Environment.CurrentManagedThreadId)
            {
                Assert.True(allocated <= Memory + (MemoryOfAByte * _server.Read), $"{allocated} bytes allocated: {Stream}");
                Measured++;
                _mostAllocated = Math.Max(_mostAllocated, allocated);
            }

            var next = await EndAsync((client, token) => Requests.Echo(client, $"the text of {seed}", token));
            Assert.True(next.Result is string text && text == $"the text of {seed}", $"The next one got {next}: {Stream}");
            _ends[$"{end.Error?.GetType().Name ?? "results"}"] = _ends.GetValueOrDefault($"{end.Error?.GetType().Name ?? "results"}") + 1;
        }

        private async Task<End> EndAsync(Func<Calculator.IAsync, CancellationToken, Task<object>> request)
        {
            var call = request(_client, CancellationToken.None);
            if (!call.IsCompleted)
            {
                // Nothing but silence may be waited for.
                Assert.True(_server.Sent.Silence, $"Waits: {Stream}");
                _clock.Advance(Limits.CallTimeout);
            }

            object? result = null;
            var error = await Record.ExceptionAsync(async () => result = await call.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
            _server.IsBusy = false;
            return new End(result, error);
        }
    }
}
