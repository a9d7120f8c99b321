using Circuit.Calculators;
using Microsoft.Extensions.Time.Testing;
using Thrift;
using Thrift.Protocol;
using Thrift.Transport;
using ThriftBreaker.Integration.Tests.Servers;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Integration.Tests.Fuzz;

/// <summary>
/// Randomly mutated replies: the call ends at once with a result or a documented exception, allocates no more than the
/// limits allow, and never returns the reply to another request. The next call on the channel succeeds.
/// </summary>
public sealed class ReplyFuzzTests
{
    /// <summary>The limit of a reply and of a frame, in bytes.</summary>
    private const int Limit = 64 * 1024;

    /// <summary>The number of bytes that a call can read beyond the limit: one buffer.</summary>
    private const int BufferSize = 4 * 1024;

    /// <summary>
    /// The bytes that a call can allocate for the containers and strings whose lengths a reply claims.
    /// </summary>
    private const int MaxAllocatedBytes = 16 * Limit;

    /// <summary>
    /// The additional bytes for each byte that a call reads: a field of one byte becomes an object, and Thrift's JSON
    /// protocol reads single bytes.
    /// </summary>
    private const int MaxAllocatedBytesPerByteRead = 256;

    /// <summary>
    /// The number of replies for each wire format, rounded up so that the total is at least the documented one.
    /// </summary>
    private static readonly int StreamsPerFormat = (int)Math.Ceiling(TestRun.Times(quick: 2_000, @long: 100_000) / (double)WireFormat.All.Count);

    private static readonly ThriftChannelOptions Limits = new() { MaxMessageSize = Limit, MaxFrameSize = Limit };

    [Theory]
    [MemberData(nameof(WireFormat.All), MemberType = typeof(WireFormat))]
    public async Task MutatedReply_DoesNoHarm(ThriftTransport transport, ThriftProtocol protocol)
    {
        await using var bench = new Bench(new WireFormat(transport, protocol));
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");

        // On another thread, so that a call that never ends or blocks its thread is detected.
        var streams = Task.Run(async () =>
        {
            for (var stream = 0; stream < StreamsPerFormat; stream++)
            {
                await bench.SendMutatedReplyAsync(seed + stream);
            }
        }, TestContext.Current.CancellationToken);
        await Task.WhenAny(streams, Task.Delay(Deadline.Long, TestContext.Current.CancellationToken));
        Assert.True(streams.IsCompleted, $"Hangs: {bench.Stream}");
        await streams;
        TestContext.Current.TestOutputHelper?.WriteLine(bench.ToString());

        // The other calls, nearly all with silence, ended on another thread than that on which they began.
        Assert.True(bench.Measured > StreamsPerFormat / 2, $"Of {StreamsPerFormat} calls only {bench.Measured} could be measured.");
    }

    /// <summary>Replies that once did harm, in the format that the test above prints.</summary>
    /// <param name="transport">The transport.</param>
    /// <param name="protocol">The protocol.</param>
    /// <param name="request">The index of the request.</param>
    /// <param name="calls">The number of the call on its connection.</param>
    /// <param name="bytes">The bytes of the reply.</param>
    /// <param name="forever">The bytes that follow repeatedly.</param>
    /// <param name="expectation">The allowed results.</param>
    [Theory]

    // The replies to this request and to the next, in one frame and in one buffer.
    [InlineData(ThriftTransport.Framed, ThriftProtocol.Binary, 0, 2, "0000003280010002000000046563686F000000020B000000000001610080010002000000046563686F000000030B0000000000016200", "", Expectation.Anything)]
    [InlineData(ThriftTransport.Buffered, ThriftProtocol.Binary, 0, 2, "80010002000000046563686F000000020B000000000001610080010002000000046563686F000000030B0000000000016200", "", Expectation.Anything)]

    // A reply with the sequence ID of the request but another method; a request instead of a reply.
    [InlineData(ThriftTransport.Buffered, ThriftProtocol.Binary, 3, 2, "8001000200000004736C6F77000000020800000000000700", "", Expectation.MustFail)]
    [InlineData(ThriftTransport.Buffered, ThriftProtocol.Binary, 3, 2, "800100010000000963616C63756C617465000000020800000000000700", "", Expectation.MustFail)]

    // A string of -1 bytes: ArgumentOutOfRangeException. A number out of range: OverflowException.
    [InlineData(ThriftTransport.Raw, ThriftProtocol.Compact, 0, 2, "824102046563686F0800FFFFFFFF0F", "", Expectation.MustFail)]
    [InlineData(ThriftTransport.Raw, ThriftProtocol.Json, 3, 2, "5B312C2263616C63756C617465222C322C322C7B2230223A7B22693332223A39393939393939393939393939393939393939397D7D5D", "", Expectation.MustFail)]
    public async Task RecordedReply_DoesNoHarm(ThriftTransport transport, ThriftProtocol protocol, int request, int calls, string bytes, string forever, Expectation expectation)
    {
        await using var bench = new Bench(new WireFormat(transport, protocol));
        await bench.SendAsync(request, calls, new(Convert.FromHexString(bytes), forever.Length == 0 ? null : Convert.FromHexString(forever)), expectation);
    }

    /// <summary>One channel to a scripted server.</summary>
    private sealed class Bench : IAsyncDisposable
    {
        private readonly WireFormat _wireFormat;
        private readonly ScriptedServer _server;
        private readonly FakeTimeProvider _clock = new();
        private readonly Calculator.CircuitBreakerClient _client;
        private readonly SortedDictionary<string, int> _results = new(StringComparer.Ordinal);
        private long _mostAllocated;

        public Bench(WireFormat wireFormat)
        {
            _wireFormat = wireFormat;
            _server = new ScriptedServer(wireFormat);
            _client = Unprotected.Connect(new ThriftChannel(_server.Endpoint, Limits with { TimeProvider = _clock }));
        }

        /// <summary>The current mutation, in the format that reproduces it.</summary>
        public string Stream { get; private set; } = "";

        /// <summary>
        /// The number of calls with measured allocations: those that ended on the thread on which they began.
        /// </summary>
        public int Measured { get; private set; }

        public ValueTask DisposeAsync() => new(_client.DisposeAsync().AsTask().WaitAsync(Deadline.Short));

        public override string ToString()
            => $"{_server.AcceptedCount} connections, {_mostAllocated} bytes at most in {Measured} calls; {string.Join(", ", _results.Select(static result => $"{result.Value} {result.Key}"))}";

        public async Task SendMutatedReplyAsync(int seed)
        {
            var random = new Random(seed);
            var request = random.Next(Requests.All.Length);
            var expected = await GetResultAsync(Requests.All[request]);
            await SendMutationAsync(ReplyMutations.CreateRandom(_wireFormat.Transport, random), request, expected, seed);
        }

        public async Task SendAsync(int request, int calls, ScriptedServer.ScriptedReply stream, Expectation expectation)
        {
            for (var call = 1; call < calls; call++)
            {
                await GetResultAsync(Requests.All[request]);
            }

            await SendMutationAsync(new("as recorded", expectation, (_, _) => stream), request, expected: null, seed: 0);
        }

        private async Task SendMutationAsync(Mutation mutation, int request, FuzzResult? expected, int seed)
        {
            _server.NextMutator = mutation.Apply;
            var before = GC.GetAllocatedBytesForCurrentThread() - _server.Allocated;
            var thread = Environment.CurrentManagedThreadId;
            Stream = $"seed {seed}, {mutation.Name}";
            var result = await GetResultAsync(Requests.All[request]);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - _server.Allocated - before;
            Stream = $"{Stream}: {result}\n[InlineData(ThriftTransport.{_wireFormat.Transport}, ThriftProtocol.{_wireFormat.Protocol}, {request}, {_server.Calls}, "
                + $"\"{Convert.ToHexString(_server.Sent.Bytes)}\", \"{Convert.ToHexString(_server.Sent.Forever ?? [])}\", Expectation.{mutation.Expectation})]";

            Assert.True(result.IsDocumented(_server.Endpoint), $"Not documented: {Stream}\n{result.Error}");
            Assert.True(mutation.Expectation != Expectation.MustFail || result.Error is TProtocolException or TTransportException or TimeoutException, $"Read: {Stream}");
            Assert.True(mutation.Expectation != Expectation.MustSucceed || $"{result}" == $"{expected}", $"Wrong, instead of {expected}: {Stream}");
            Assert.True(_server.Read <= Limit + BufferSize, $"{_server.Read} bytes read: {Stream}");
            if (thread == Environment.CurrentManagedThreadId)
            {
                Assert.True(allocated <= MaxAllocatedBytes + (MaxAllocatedBytesPerByteRead * _server.Read), $"{allocated} bytes allocated: {Stream}");
                Measured++;
                _mostAllocated = Math.Max(_mostAllocated, allocated);
            }

            var next = await GetResultAsync((client, token) => Requests.Echo(client, $"the text of {seed}", token));
            Assert.True(next.Result is string text && text == $"the text of {seed}", $"The next one got {next}: {Stream}");
            _results[$"{result.Error?.GetType().Name ?? "results"}"] = _results.GetValueOrDefault($"{result.Error?.GetType().Name ?? "results"}") + 1;
        }

        private async Task<FuzzResult> GetResultAsync(Func<Calculator.IAsync, CancellationToken, Task<object>> request)
        {
            var call = request(_client, CancellationToken.None);
            if (!call.IsCompleted)
            {
                // A call can wait only if the reply ends in silence.
                Assert.True(_server.Sent.Silence, $"Waits: {Stream}");
                _clock.Advance(Limits.CallTimeout);
            }

            object? result = null;
            var error = await Record.ExceptionAsync(async () => result = await call.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
            _server.IsBusy = false;
            return new FuzzResult(result, error);
        }
    }
}
