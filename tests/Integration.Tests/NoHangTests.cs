using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Circuit.Calculators;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests;

/// <summary>
/// Whatever the server does, a call ends when its time is over. The matrix shows that to the tick, on a clock of its own; here the time is real,
/// for every fault that makes a call wait, in every way of speaking where that makes a difference.
/// </summary>
/// <remarks>
/// No attempt may hang. That it ends within its deadline and a slack of 100 ms is asked of the best of several attempts: what one attempt takes
/// is also the machine's doing, and a call that waits for something else than its deadline does so every time. The test output has all of them.
/// </remarks>
/// <param name="output">Where the slack of each is written.</param>
[Collection(nameof(Alone))]
public sealed class NoHangTests(ITestOutputHelper output)
{
    /// <summary>Made in any case, whatever the first one took.</summary>
    private const int Attempts = 3;

    /// <summary>Made while none was in time.</summary>
    private const int MostAttempts = 10;

    /// <summary>More than two sockets hold of which one is not read, and not so much that writing it down is what takes the time.</summary>
    private const int LargeText = 6_000_000;

    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(100);

    /// <summary>An attempt that takes longer hangs.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(10);

    /// <summary>Nothing but what is measured may end a call.</summary>
    private static readonly ThriftChannelOptions Endless = new()
    {
        ConnectTimeout = TimeSpan.FromMinutes(1),
        CallTimeout = TimeSpan.FromMinutes(1),
        AcquireTimeout = TimeSpan.FromMinutes(1),
        MaxConnections = 1,
        DrainTimeout = TimeSpan.Zero,
    };

    private static readonly ThriftChannelOptions ShortCalls = Endless with { CallTimeout = Timeout };
    private static readonly ThriftChannelOptions ShortConnects = Endless with { ConnectTimeout = Timeout };
    private static readonly ThriftChannelOptions ShortLeases = Endless with { AcquireTimeout = Timeout };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Fault.Silence)]
    [InlineData(Fault.HalfReplyThenSilence)]
    [InlineData(Fault.OneByteASecond)]
    public async Task AReplyThatDoesNotComeWhole(Fault fault)
        => await Task.WhenAll(WireFormat.All.Select(row => MeetAsync(fault, new WireFormat(row.Data.Item1, row.Data.Item2), "lost")));

    /// <summary>What is sent in many pieces, in one, and what Thrift's JSON protocol writes without a token.</summary>
    [Theory]
    [InlineData(ThriftTransport.Raw, ThriftProtocol.Binary, 'x', LargeText)]
    [InlineData(ThriftTransport.Framed, ThriftProtocol.Compact, 'x', LargeText)]
    [InlineData(ThriftTransport.Buffered, ThriftProtocol.Binary, 'x', LargeText)]
    [InlineData(ThriftTransport.Buffered, ThriftProtocol.Json, '\\', LargeText / 2)]
    public async Task ARequestThatNobodyReads(ThriftTransport transport, ThriftProtocol protocol, char letter, int length)
        => await MeetAsync(Fault.NoMoreReading, new WireFormat(transport, protocol), new string(letter, length));

    [Fact]
    public async Task AServerThatWaitsForMoreOfTheRequest()
    {
        await using var server = CalculatorServer.Start(WireFormat.Default);
        await using var client = Client(WireFormat.Default.At(server.Port) with { Transport = ThriftTransport.Framed }, ShortCalls);

        await EndsInTimeAsync("framed against unframed", nameof(ThriftChannelOptions.CallTimeout), () => client.ping(Token));
    }

    [Fact]
    public async Task ASlowServerOverTls()
    {
        using var certificates = new Certificates();
        using var certificate = certificates.For("127.0.0.1");
        await using var server = StreamServer.On(
            new IPEndPoint(IPAddress.Loopback, 0),
            out var bound,
            async stream =>
            {
                var secure = new SslStream(stream);
                await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate });
                return secure;
            });
        var endpoint = WireFormat.Default.At(((IPEndPoint)bound).Port) with { Tls = new ThriftTlsOptions { TrustedRoots = certificates.Roots } };
        await WarmUpAsync(endpoint);
        await using var client = Client(endpoint, ShortCalls);

        await EndsInTimeAsync("slow over TLS", nameof(ThriftChannelOptions.CallTimeout), () => client.slow(CalculatorHandler.UntilReleased, Token));
    }

    [Theory]
    [InlineData(Fault.Silence)]
    [InlineData(Fault.HalfReplyThenSilence)]
    [InlineData(Fault.OneByteASecond)]
    public async Task AReplyThatDoesNotComeWholeOverHttp(Fault fault) => await Task.WhenAll(Enum.GetValues<ThriftProtocol>().Select(async protocol =>
    {
        await using var server = new HttpServer(protocol);
        await using var front = new FaultInjectionProxy(server.Address.Port);
        using var http = new HttpClient { DefaultRequestHeaders = { Host = server.Address.Authority } };
        var address = new UriBuilder(server.Address) { Port = front.Port }.Uri;
        var endpoint = ThriftEndpoint.Http(address, http) with { Protocol = protocol };
        await WarmUpAsync(endpoint);
        await using var client = Client(endpoint, ShortCalls);
        front.Every = fault;

        await EndsInTimeAsync($"{fault}, HTTP, {protocol}", nameof(ThriftChannelOptions.CallTimeout), () => client.echo("lost", Token));
    }));

    [Fact]
    public async Task ABlackHoledConnect()
    {
        using var hole = await BlackHole.CreateAsync();
        await using var client = Client(WireFormat.Default.At(hole.Port), ShortConnects);

        await EndsInTimeAsync("black-holed connect", nameof(ThriftChannelOptions.ConnectTimeout), () => client.ping(Token));
    }

    [Fact]
    public async Task AServerThatDoesNotShakeHands()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var client = Client(WireFormat.Default.At(((IPEndPoint)silent.LocalEndpoint).Port) with { Tls = new ThriftTlsOptions() }, ShortConnects);

        await EndsInTimeAsync("no TLS handshake", nameof(ThriftChannelOptions.ConnectTimeout), () => client.ping(Token));
    }

    [Fact]
    public async Task ALoginThatIsNotAnswered()
    {
        await using var server = CalculatorServer.Start();
        await using var client = Client(WireFormat.Default.At(server.Port), ShortConnects with
        {
            OnConnected = static async (protocol, token) =>
            {
#pragma warning disable TB0014 // A new connection is spoken to before there is a guarded client over it.
                using var session = new Calculator.Client(protocol);
#pragma warning restore TB0014
                await session.slow(CalculatorHandler.UntilReleased, token);
            },
        });

        await EndsInTimeAsync("login without an answer", nameof(ThriftChannelOptions.ConnectTimeout), () => client.ping(Token));
    }

    [Fact]
    public async Task AnOnConnectedThatHangs()
    {
        await using var server = CalculatorServer.Start();
        await using var client = Client(WireFormat.Default.At(server.Port), ShortConnects with { OnConnected = static async (_, _) => await new TaskCompletionSource().Task });

        await EndsInTimeAsync("hanging OnConnected", nameof(ThriftChannelOptions.ConnectTimeout), () => client.ping(Token));
    }

    [Fact]
    public async Task AWaitForAConnection() => await WaitForAnotherCallAsync("wait for a connection", ShortLeases, typeof(AcquireTimeoutException));

    [Fact]
    public async Task AWaitForATurn()
        => await WaitForAnotherCallAsync("wait for a turn", ShortLeases with { MaxConnections = 2, MaxConcurrentCalls = 1, MaxQueuedCalls = 1 }, typeof(AcquireTimeoutException));

    private static Calculator.CircuitBreakerClient Client(ThriftEndpoint endpoint, ThriftChannelOptions options) => Unprotected.Connect(new ThriftChannel(endpoint, options));

    /// <summary>A call with all the time that it wants, so that code that runs for the first time is not what is measured.</summary>
    private static async Task WarmUpAsync(ThriftEndpoint endpoint)
    {
        await using var client = Client(endpoint, Endless);
        await client.ping(Token).WaitAsync(Deadline.Short, Token);
    }

    private async Task MeetAsync(Fault fault, WireFormat wireFormat, string text)
    {
        await using var server = CalculatorServer.Start(wireFormat.WithAnswersInOnePiece);
        await using var front = new FaultInjectionProxy(server.Port, wireFormat.Transport == ThriftTransport.Raw ? wireFormat : null);
        await WarmUpAsync(wireFormat.At(front.Port));
        await using var client = Client(wireFormat.At(front.Port), ShortCalls);
        front.Every = fault;

        await EndsInTimeAsync($"{fault}, {wireFormat.Transport}, {wireFormat.Protocol}", nameof(ThriftChannelOptions.CallTimeout), () => client.echo(text, Token));
    }

    private async Task WaitForAnotherCallAsync(string what, ThriftChannelOptions options, Type error)
    {
        await using var server = CalculatorServer.Start();
        await using var client = Client(WireFormat.Default.At(server.Port), options);
        var slow = client.slow(CalculatorHandler.UntilReleased, Token);
        await server.Handler.SlowCallArrivesAsync();

        await EndsInTimeAsync(what, nameof(ThriftChannelOptions.AcquireTimeout), () => client.ping(Token), error);
        server.Handler.Release();
        await slow;
    }

    /// <summary>Makes the call again and again; each time nothing but the deadline of that name may end it.</summary>
    private async Task EndsInTimeAsync(string what, string deadline, Func<Task> call, Type? error = null)
    {
        var best = TimeSpan.MaxValue;
        var worst = TimeSpan.Zero;
        var attempt = 0;
        for (; attempt < Attempts || (attempt < MostAttempts && best > Timeout + Slack); attempt++)
        {
            var start = Stopwatch.GetTimestamp();
            var under = call();
            var end = await Record.ExceptionAsync(() => under.WaitAsync(Deadline.Short, Token));
            var took = Stopwatch.GetElapsedTime(start);
            Assert.True(under.IsCompleted && took < Hang, $"{what}: hangs, for {took} and longer.");
            Assert.IsType(error ?? typeof(TimeoutException), end);
            Assert.Contains($"{deadline} of 0.2 s", end.Message, StringComparison.Ordinal);
            best = took < best ? took : best;
            worst = took > worst ? took : worst;
        }

        output.WriteLine($"{what}: {deadline} and {(best - Timeout).TotalMilliseconds:0.0} ms at best, {(worst - Timeout).TotalMilliseconds:0.0} ms at worst, of {attempt}");
        Assert.True(best <= Timeout + Slack, $"{what}: a call with a {deadline} of {Timeout} took {best} at best, {attempt} times.");
    }
}
