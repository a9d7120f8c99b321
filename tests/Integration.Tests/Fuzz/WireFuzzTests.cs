using Circuit.Calculators;
using Microsoft.Extensions.Time.Testing;
using Thrift.Protocol;
using Thrift.Transport;
using ThriftBreaker.Integration.Tests.Servers;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Integration.Tests.Fuzz;

/// <summary>
/// The mutated replies of <see cref="ReplyFuzzTests"/> over real sockets and HTTP. There are fewer of them, and
/// allocations are not measured, which requires calls on one thread.
/// </summary>
public sealed class WireFuzzTests
{
    private const int Limit = 64 * 1024;

    /// <summary>The number of replies for each wire format, over sockets and over HTTP.</summary>
    private static readonly int StreamsPerFormat
        = (int)Math.Ceiling(TestRun.Times(quick: 2_000, @long: 10_000) / (double)(WireFormat.All.Count + Enum.GetValues<ThriftProtocol>().Length));

    private static readonly ThriftChannelOptions Limits = new() { MaxMessageSize = Limit, MaxFrameSize = Limit, DrainTimeout = TimeSpan.Zero };

    [Theory]
    [MemberData(nameof(WireFormat.All), MemberType = typeof(WireFormat))]
    public async Task MutatedReply_OverSocket_DoesNoHarm(ThriftTransport transport, ThriftProtocol protocol)
    {
        var bench = new Bench(new WireFormat(transport, protocol));
        await using var server = new WireServer(bench.WireFormat, bench);

        await bench.SendMutatedRepliesAsync(server.Endpoint);
    }

    [Theory]
    [InlineData(ThriftProtocol.Binary)]
    [InlineData(ThriftProtocol.Compact)]
    [InlineData(ThriftProtocol.Json)]
    public async Task MutatedReply_OverHttp_DoesNoHarm(ThriftProtocol protocol)
    {
        var bench = new Bench(new WireFormat(ThriftTransport.Buffered, protocol));
        await using var server = new HttpServer(protocol) { ReplySource = bench };
        using var http = new HttpClient();

        await bench.SendMutatedRepliesAsync(ThriftEndpoint.Http(server.Address, http) with { Protocol = protocol });
    }

    /// <summary>One channel with one call at a time.</summary>
    private sealed class Bench(WireFormat wireFormat) : IReplySource
    {
        private readonly ScriptedServer _calculator = new(wireFormat);
        private readonly FakeTimeProvider _clock = new();
        private readonly SortedDictionary<string, int> _results = new(StringComparer.Ordinal);
        private ScriptedServer.Mutator? _next;
        private ScriptedServer.ScriptedReply _reply = new([]);
        private TaskCompletionSource _replySent = new();

        public WireFormat WireFormat => wireFormat;

        public async Task SendMutatedRepliesAsync(ThriftEndpoint endpoint)
        {
            var seed = Random.Shared.Next();
            TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
            await using var client = Unprotected.Connect(new ThriftChannel(endpoint, Limits with { TimeProvider = _clock }));
            for (var stream = 0; stream < StreamsPerFormat; stream++)
            {
                await SendMutatedReplyAsync(client, endpoint, seed + stream);
            }

            TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", _results.Select(static result => $"{result.Value} {result.Key}")));
        }

        public ScriptedServer.ScriptedReply CreateReply(byte[] request)
        {
            if (Interlocked.Exchange(ref _next, null) is not { } mutation)
            {
                return new ScriptedServer.ScriptedReply(_calculator.Reply(request)) { IsUnmodified = true };
            }

            return _reply = mutation(_calculator, request);
        }

        public void OnSent(ScriptedServer.ScriptedReply script)
        {
            // An earlier reply can be reported late.
            if (ReferenceEquals(script, _reply))
            {
                _replySent.TrySetResult();
            }
        }

        private async Task SendMutatedReplyAsync(Calculator.CircuitBreakerClient client, ThriftEndpoint endpoint, int seed)
        {
            var random = new Random(seed);
            var request = Requests.All[random.Next(Requests.All.Length)];
            var expected = await GetResultAsync(request(client, CancellationToken.None), $"seed {seed}, before it");

            var mutation = ReplyMutations.CreateRandom(wireFormat.Transport, random);
            _reply = new([]);
            _replySent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _next = mutation.Apply;
            var description = $"seed {seed}, {mutation.Name}";
            var call = request(client, CancellationToken.None);
            await WaitAsync(Task.WhenAny(_replySent.Task, call), description);
            if (_reply.Silence)
            {
                // The client reads the bytes before the silence. It can wait only if the reply ends in silence.
                await Task.WhenAny(call, Task.Delay(20, TestContext.Current.CancellationToken));
                _clock.Advance(Limits.CallTimeout);
            }

            var result = await GetResultAsync(call, description);
            description = $"{description}: {result}\n{Convert.ToHexString(_reply.Bytes)} {Convert.ToHexString(_reply.Forever ?? [])}";
            Assert.True(result.IsDocumented(endpoint), $"Not documented: {description}\n{result.Error}");
            Assert.True(mutation.Expectation != Expectation.MustFail || result.Error is TProtocolException or TTransportException or TimeoutException, $"Read: {description}");
            Assert.True(mutation.Expectation != Expectation.MustSucceed || $"{result}" == $"{expected}", $"Wrong, instead of {expected}: {description}");

            // The call can end before the server has sent the rest of the reply or closed the connection.
            await WaitAsync(_replySent.Task, description);
            var next = await GetResultAsync(Requests.Echo(client, $"the text of {seed}", CancellationToken.None), description);
            Assert.True(next.Result is string text && text == $"the text of {seed}", $"The next one got {next}: {description}");
            var name = result.Error?.GetType().Name ?? "results";
            _results[name] = _results.GetValueOrDefault(name) + 1;
        }

        private static async Task WaitAsync(Task task, string description)
        {
            await Task.WhenAny(task, Task.Delay(Deadline.Short, TestContext.Current.CancellationToken));
            Assert.True(task.IsCompleted, $"Hangs: {description}");
        }

        private static async Task<FuzzResult> GetResultAsync(Task<object> call, string description)
        {
            await WaitAsync(call, description);
            object? result = null;
            var error = await Record.ExceptionAsync(async () => result = await call);
            return new FuzzResult(result, error);
        }
    }
}
