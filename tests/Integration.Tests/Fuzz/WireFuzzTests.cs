using Circuit.Calculators;
using Microsoft.Extensions.Time.Testing;
using Thrift.Protocol;
using Thrift.Transport;
using ThriftBreaker.Integration.Tests.Servers;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Integration.Tests.Fuzz;

/// <summary>
/// The broken replies of <see cref="ReplyFuzzTests"/> over what they come by in life: sockets, and HTTP. Fewer, and without counting memory,
/// which takes a call that is made on one thread.
/// </summary>
public sealed class WireFuzzTests
{
    private const int Limit = 64 * 1024;

    /// <summary>In each way of speaking, over sockets and over HTTP.</summary>
    private static readonly int StreamsOfEach
        = (int)Math.Ceiling(TestRun.Times(quick: 2_000, @long: 10_000) / (double)(WireFormat.All.Count + Enum.GetValues<ThriftProtocol>().Length));

    private static readonly ThriftChannelOptions Limits = new() { MaxMessageSize = Limit, MaxFrameSize = Limit, DrainTimeout = TimeSpan.Zero };

    [Theory]
    [MemberData(nameof(WireFormat.All), MemberType = typeof(WireFormat))]
    public async Task ABrokenReplyHarmsNobodyOverASocket(ThriftTransport transport, ThriftProtocol protocol)
    {
        var bench = new Bench(new WireFormat(transport, protocol));
        await using var server = new WireServer(bench.WireFormat, bench);

        await bench.BreakRepliesAsync(server.Endpoint);
    }

    [Theory]
    [InlineData(ThriftProtocol.Binary)]
    [InlineData(ThriftProtocol.Compact)]
    [InlineData(ThriftProtocol.Json)]
    public async Task NorDoesItOverHttp(ThriftProtocol protocol)
    {
        var bench = new Bench(new WireFormat(ThriftTransport.Buffered, protocol));
        await using var server = new HttpServer(protocol) { Answer = bench };
        using var http = new HttpClient();

        await bench.BreakRepliesAsync(ThriftEndpoint.Http(server.Address, http) with { Protocol = protocol });
    }

    /// <summary>One channel, one call at a time.</summary>
    private sealed class Bench(WireFormat wireFormat) : IAnswer
    {
        private readonly ScriptedServer _calculator = new(wireFormat);
        private readonly FakeTimeProvider _clock = new();
        private readonly SortedDictionary<string, int> _ends = new(StringComparer.Ordinal);
        private ScriptedServer.Tampering? _next;
        private ScriptedServer.Script _sent = new([]);
        private TaskCompletionSource _given = new();

        public WireFormat WireFormat => wireFormat;

        public async Task BreakRepliesAsync(ThriftEndpoint endpoint)
        {
            var seed = Random.Shared.Next();
            TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
            await using var client = Unprotected.Connect(new ThriftChannel(endpoint, Limits with { TimeProvider = _clock }));
            for (var stream = 0; stream < StreamsOfEach; stream++)
            {
                await BreakAReplyAsync(client, endpoint, seed + stream);
            }

            TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", _ends.Select(static end => $"{end.Value} {end.Key}")));
        }

        public ScriptedServer.Script To(byte[] request)
        {
            if (Interlocked.Exchange(ref _next, null) is not { } tampering)
            {
                return new ScriptedServer.Script(_calculator.Reply(request)) { IsUntouched = true };
            }

            return _sent = tampering(_calculator, request);
        }

        public void Given(ScriptedServer.Script script)
        {
            // The end of an earlier one may be told late.
            if (ReferenceEquals(script, _sent))
            {
                _given.TrySetResult();
            }
        }

        private async Task BreakAReplyAsync(Calculator.CircuitBreakerClient client, ThriftEndpoint endpoint, int seed)
        {
            var random = new Random(seed);
            var request = Requests.All[random.Next(Requests.All.Length)];
            var right = await EndAsync(request(client, CancellationToken.None), $"seed {seed}, before it");

            var tampering = Tamperings.Choose(wireFormat.Transport, random);
            _sent = new([]);
            _given = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _next = tampering.Apply;
            var what = $"seed {seed}, {tampering.Name}";
            var call = request(client, CancellationToken.None);
            await WaitAsync(Task.WhenAny(_given.Task, call), what);
            if (_sent.Silence)
            {
                // Of what comes before the silence the client may make what it can. Nothing but silence may be waited for.
                await Task.WhenAny(call, Task.Delay(20, TestContext.Current.CancellationToken));
                _clock.Advance(Limits.CallTimeout);
            }

            var end = await EndAsync(call, what);
            what = $"{what}: {end}\n{Convert.ToHexString(_sent.Bytes)} {Convert.ToHexString(_sent.Forever ?? [])}";
            Assert.True(end.IsDocumented(endpoint), $"Not documented: {what}\n{end.Error}");
            Assert.True(tampering.Mercy != Mercy.MustFail || end.Error is TProtocolException or TTransportException or TimeoutException, $"Read: {what}");
            Assert.True(tampering.Mercy != Mercy.MustBeRight || $"{end}" == $"{right}", $"Wrong, instead of {right}: {what}");

            // A client that has its result may know before the server that it has sent more, or hung up.
            await WaitAsync(_given.Task, what);
            var next = await EndAsync(Requests.Echo(client, $"the text of {seed}", CancellationToken.None), what);
            Assert.True(next.Result is string text && text == $"the text of {seed}", $"The next one got {next}: {what}");
            var name = end.Error?.GetType().Name ?? "results";
            _ends[name] = _ends.GetValueOrDefault(name) + 1;
        }

        private static async Task WaitAsync(Task task, string what)
        {
            await Task.WhenAny(task, Task.Delay(Deadline.Short, TestContext.Current.CancellationToken));
            Assert.True(task.IsCompleted, $"Hangs: {what}");
        }

        private static async Task<End> EndAsync(Task<object> call, string what)
        {
            await WaitAsync(call, what);
            object? result = null;
            var error = await Record.ExceptionAsync(async () => result = await call);
            return new End(result, error);
        }
    }
}
