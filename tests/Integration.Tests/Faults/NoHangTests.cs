using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Circuit.Calculators;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Faults;

/// <summary>
/// Whatever the server does, a call ends at its timeout. <see cref="FaultMatrixTests"/> asserts this with a fake clock;
/// these tests use real time, for each fault that makes a call wait, in each wire format in which it makes a
/// difference.
/// </summary>
/// <remarks>
/// No attempt can hang. The best of several attempts must end within its timeout plus 100 ms: the duration of one
/// attempt also depends on the machine, but a call that ignores its timeout does so in every attempt.
/// </remarks>
/// <param name="output">Receives the measured delays.</param>
[Collection(nameof(NonParallel))]
public sealed class NoHangTests(ITestOutputHelper output)
{
    /// <summary>The minimum number of attempts.</summary>
    private const int Attempts = 3;

    /// <summary>The maximum number of attempts while none is in time.</summary>
    private const int MaxAttempts = 10;

    /// <summary>Larger than the buffers of two sockets, but small enough to serialize within the timeout.</summary>
    private const int LargeText = 6_000_000;

    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(100);

    /// <summary>The duration after which an attempt counts as a hang.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(10);

    /// <summary>Long timeouts: only the measured one ends a call.</summary>
    private static readonly ThriftChannelOptions LongTimeouts = new()
    {
        ConnectTimeout = TimeSpan.FromMinutes(1),
        CallTimeout = TimeSpan.FromMinutes(1),
        AcquireTimeout = TimeSpan.FromMinutes(1),
        MaxConnections = 1,
        DrainTimeout = TimeSpan.Zero,
    };

    private static readonly ThriftChannelOptions ShortCalls = LongTimeouts with { CallTimeout = Timeout };
    private static readonly ThriftChannelOptions ShortConnects = LongTimeouts with { ConnectTimeout = Timeout };
    private static readonly ThriftChannelOptions ShortAcquires = LongTimeouts with { AcquireTimeout = Timeout };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Fault.Silence)]
    [InlineData(Fault.HalfReplyThenSilence)]
    [InlineData(Fault.OneBytePerSecond)]
    public async Task IncompleteReply_EndsAtCallTimeout(Fault fault)
        => await Task.WhenAll(WireFormat.All.Select(row => EchoWithFaultAsync(fault, new WireFormat(row.Data.Item1, row.Data.Item2), "lost")));

    /// <summary>
    /// Requests in many writes, in one, and those that Thrift's JSON protocol writes without a token.
    /// </summary>
    [Theory]
    [InlineData(ThriftTransport.Raw, ThriftProtocol.Binary, 'x', LargeText)]
    [InlineData(ThriftTransport.Framed, ThriftProtocol.Compact, 'x', LargeText)]
    [InlineData(ThriftTransport.Buffered, ThriftProtocol.Binary, 'x', LargeText)]
    [InlineData(ThriftTransport.Buffered, ThriftProtocol.Json, '\\', LargeText / 2)]
    public async Task UnreadRequest_EndsAtCallTimeout(ThriftTransport transport, ThriftProtocol protocol, char letter, int length)
        => await EchoWithFaultAsync(Fault.StopReading, new WireFormat(transport, protocol), new string(letter, length));

    [Fact]
    public async Task ServerWaitsForMore_EndsAtCallTimeout()
    {
        await using var server = CalculatorServer.Start(WireFormat.Default);
        await using var client = CreateClient(WireFormat.Default.At(server.Port) with { Transport = ThriftTransport.Framed }, ShortCalls);

        await AssertEndsInTimeAsync("framed client of an unframed server", nameof(ThriftChannelOptions.CallTimeout), () => client.ping(Token));
    }

    [Fact]
    public async Task SlowServerOverTls_EndsAtCallTimeout()
    {
        using var certificates = new Certificates();
        using var certificate = certificates.For("127.0.0.1");
        await using var server = StreamServer.On(
            new IPEndPoint(IPAddress.Loopback, 0),
            out var bound,
            async stream =>
            {
                var sslStream = new SslStream(stream);
                await sslStream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate });
                return sslStream;
            });
        var endpoint = WireFormat.Default.At(((IPEndPoint)bound).Port) with { Tls = new ThriftTlsOptions { TrustedRoots = certificates.Roots } };
        await WarmUpAsync(endpoint);
        await using var client = CreateClient(endpoint, ShortCalls);

        await AssertEndsInTimeAsync("slow over TLS", nameof(ThriftChannelOptions.CallTimeout), () => client.slow(CalculatorHandler.UntilReleased, Token));
    }

    [Theory]
    [InlineData(Fault.Silence)]
    [InlineData(Fault.HalfReplyThenSilence)]
    [InlineData(Fault.OneBytePerSecond)]
    public async Task IncompleteReplyOverHttp_EndsAtCallTimeout(Fault fault) => await Task.WhenAll(Enum.GetValues<ThriftProtocol>().Select(async protocol =>
    {
        await using var server = new HttpServer(protocol);
        await using var proxy = new FaultInjectionProxy(server.Address.Port);
        using var http = new HttpClient { DefaultRequestHeaders = { Host = server.Address.Authority } };
        var address = new UriBuilder(server.Address) { Port = proxy.Port }.Uri;
        var endpoint = ThriftEndpoint.Http(address, http) with { Protocol = protocol };
        await WarmUpAsync(endpoint);
        await using var client = CreateClient(endpoint, ShortCalls);
        proxy.DefaultFault = fault;

        await AssertEndsInTimeAsync($"{fault}, HTTP, {protocol}", nameof(ThriftChannelOptions.CallTimeout), () => client.echo("lost", Token));
    }));

    [Fact]
    public async Task BlackHoledConnect_EndsAtConnectTimeout()
    {
        using var hole = await BlackHole.CreateAsync();
        await using var client = CreateClient(WireFormat.Default.At(hole.Port), ShortConnects);

        await AssertEndsInTimeAsync("black-holed connect", nameof(ThriftChannelOptions.ConnectTimeout), () => client.ping(Token));
    }

    [Fact]
    public async Task NoTlsHandshake_EndsAtConnectTimeout()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var client = CreateClient(WireFormat.Default.At(((IPEndPoint)silent.LocalEndpoint).Port) with { Tls = new ThriftTlsOptions() }, ShortConnects);

        await AssertEndsInTimeAsync("no TLS handshake", nameof(ThriftChannelOptions.ConnectTimeout), () => client.ping(Token));
    }

    [Fact]
    public async Task UnansweredLogin_EndsAtConnectTimeout()
    {
        await using var server = CalculatorServer.Start();
        await using var client = CreateClient(WireFormat.Default.At(server.Port), ShortConnects with
        {
            OnConnected = static async (protocol, token) =>
            {
#pragma warning disable TB0014 // OnConnected uses a bare client on the new connection.
                using var session = new Calculator.Client(protocol);
#pragma warning restore TB0014
                await session.slow(CalculatorHandler.UntilReleased, token);
            },
        });

        await AssertEndsInTimeAsync("login without a reply", nameof(ThriftChannelOptions.ConnectTimeout), () => client.ping(Token));
    }

    [Fact]
    public async Task HangingOnConnected_EndsAtConnectTimeout()
    {
        await using var server = CalculatorServer.Start();
        await using var client = CreateClient(WireFormat.Default.At(server.Port), ShortConnects with { OnConnected = static async (_, _) => await new TaskCompletionSource().Task });

        await AssertEndsInTimeAsync("hanging OnConnected", nameof(ThriftChannelOptions.ConnectTimeout), () => client.ping(Token));
    }

    [Fact]
    public async Task WaitForConnection_EndsAtAcquireTimeout() => await WaitForAnotherCallAsync("wait for a connection", ShortAcquires, typeof(AcquireTimeoutException));

    [Fact]
    public async Task WaitForBulkhead_EndsAtAcquireTimeout()
        => await WaitForAnotherCallAsync("wait for the bulkhead", ShortAcquires with { MaxConnections = 2, MaxConcurrentCalls = 1, MaxQueuedCalls = 1 }, typeof(AcquireTimeoutException));

    private static Calculator.CircuitBreakerClient CreateClient(ThriftEndpoint endpoint, ThriftChannelOptions options) => Unprotected.Connect(new ThriftChannel(endpoint, options));

    /// <summary>Makes a call with long timeouts, so that JIT compilation is not measured.</summary>
    private static async Task WarmUpAsync(ThriftEndpoint endpoint)
    {
        await using var client = CreateClient(endpoint, LongTimeouts);
        await client.ping(Token).WaitAsync(Deadline.Short, Token);
    }

    private async Task EchoWithFaultAsync(Fault fault, WireFormat wireFormat, string text)
    {
        await using var server = CalculatorServer.Start(wireFormat.WithSingleWriteReplies);
        await using var proxy = new FaultInjectionProxy(server.Port, wireFormat.Transport == ThriftTransport.Raw ? wireFormat : null);
        await WarmUpAsync(wireFormat.At(proxy.Port));
        await using var client = CreateClient(wireFormat.At(proxy.Port), ShortCalls);
        proxy.DefaultFault = fault;

        await AssertEndsInTimeAsync($"{fault}, {wireFormat.Transport}, {wireFormat.Protocol}", nameof(ThriftChannelOptions.CallTimeout), () => client.echo(text, Token));
    }

    private async Task WaitForAnotherCallAsync(string what, ThriftChannelOptions options, Type error)
    {
        await using var server = CalculatorServer.Start();
        await using var client = CreateClient(WireFormat.Default.At(server.Port), options);
        var slow = client.slow(CalculatorHandler.UntilReleased, Token);
        await server.Handler.WaitForSlowCallAsync();

        await AssertEndsInTimeAsync(what, nameof(ThriftChannelOptions.AcquireTimeout), () => client.ping(Token), error);
        server.Handler.Release();
        await slow;
    }

    /// <summary>Makes the call repeatedly and asserts that the timeout with this name ends it.</summary>
    private async Task AssertEndsInTimeAsync(string what, string timeout, Func<Task> call, Type? error = null)
    {
        var best = TimeSpan.MaxValue;
        var worst = TimeSpan.Zero;
        var attempt = 0;
        for (; attempt < Attempts || (attempt < MaxAttempts && best > Timeout + Slack); attempt++)
        {
            var start = Stopwatch.GetTimestamp();
            var pending = call();
            var exception = await Record.ExceptionAsync(() => pending.WaitAsync(Deadline.Short, Token));
            var took = Stopwatch.GetElapsedTime(start);
            Assert.True(pending.IsCompleted && took < Hang, $"{what}: hangs, for {took} and longer.");
            Assert.IsType(error ?? typeof(TimeoutException), exception);
            Assert.Contains($"{timeout} of 0.2 s", exception.Message, StringComparison.Ordinal);
            best = took < best ? took : best;
            worst = took > worst ? took : worst;
        }

        output.WriteLine($"{what}: {timeout} and {(best - Timeout).TotalMilliseconds:0.0} ms at best, {(worst - Timeout).TotalMilliseconds:0.0} ms at worst, of {attempt}");
        Assert.True(best <= Timeout + Slack, $"{what}: a call with a {timeout} of {Timeout} took {best} at best, {attempt} times.");
    }
}
