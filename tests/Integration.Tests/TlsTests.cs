using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Thrift.Transport;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests;

/// <summary>Encrypted connections, and servers that are not who they should be.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly Certificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [MemberData(nameof(WireFormat.InOnePiece), MemberType = typeof(WireFormat))]
    public async Task EveryKindOfCallWorksOverOneConnection(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        using var certificate = _certificates.For("localhost");
        await using var server = Start(certificate, out var port, wireFormat: wireFormat);
        await using var guarded = new Guarded(wireFormat.At(port) with { Tls = new ThriftTlsOptions { ServerName = "localhost", TrustedRoots = _certificates.Roots } });

        await guarded.Client.note("sent without an answer", TestContext.Current.CancellationToken);
        await Calls.OfEveryKindAsync(guarded.Client);
        await guarded.EchoAsync(50);
        await guarded.Client.note("sent without an answer", TestContext.Current.CancellationToken);
        await guarded.EchoAsync(1);

        Assert.Equal((0, 1), (guarded.CircuitBreaker.FailureCount, server.Accepted));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task TheHostsNameIsTheNameThatCounts(string host)
    {
        using var certificate = _certificates.For(host);
        await using var server = Start(certificate, out var port);
        await using var guarded = new Guarded(new ThriftEndpoint(host, port) { Tls = new ThriftTlsOptions { TrustedRoots = _certificates.Roots } });

        await guarded.EchoAsync(2);
    }

    [Fact]
    public async Task AnotherNameIsRefused()
    {
        using var certificate = _certificates.For("another.example");
        Assert.Contains("is not for '127.0.0.1'", await RefusedAsync(certificate, new ThriftTlsOptions { TrustedRoots = _certificates.Roots }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnExpiredCertificateIsRefused()
    {
        using var certificate = _certificates.For("127.0.0.1", isExpired: true);
        Assert.Contains("NotTimeValid", await RefusedAsync(certificate, new ThriftTlsOptions { TrustedRoots = _certificates.Roots }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAuthorityThatNobodyTrustsIsRefused()
    {
        using var others = new Certificates();
        using var certificate = _certificates.For("127.0.0.1");
        Assert.Contains("ThriftTlsOptions.TrustedRoots", await RefusedAsync(certificate, new ThriftTlsOptions()), StringComparison.Ordinal);
        Assert.Contains("ThriftTlsOptions.TrustedRoots", await RefusedAsync(certificate, new ThriftTlsOptions { TrustedRoots = others.Roots }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ValidateHasTheLastWordBothWays()
    {
        using var certificate = _certificates.For("another.example", isExpired: true);
        var thumbprint = certificate.Thumbprint;
        await using var server = Start(certificate, out var port);
        await using var guarded = new Guarded(Endpoint(port, new ThriftTlsOptions { Validate = (_, shown, _, _) => shown?.GetCertHashString() == thumbprint }));
        await guarded.EchoAsync(2);

        using var valid = _certificates.For("127.0.0.1");
        Assert.Contains(
            "ThriftTlsOptions.Validate refuses the certificate of CN=127.0.0.1",
            await RefusedAsync(valid, new ThriftTlsOptions { TrustedRoots = _certificates.Roots, Validate = static (_, _, _, _) => false }),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConfigureHasTheLastWordOnTheOptions()
    {
        using var certificate = _certificates.For("localhost");
        await using var server = Start(certificate, out var port);
        var tls = new ThriftTlsOptions { TrustedRoots = _certificates.Roots, Configure = static options => options.TargetHost = "localhost" };
        await using var guarded = new Guarded(Endpoint(port, tls));

        await guarded.EchoAsync(2);
    }

    [Fact]
    public async Task AServerThatAsksForACertificateGetsTheClients()
    {
        using var certificate = _certificates.For("127.0.0.1");
        using var client = _certificates.For("client");
        string? shown = null;
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificate = certificate,
            ClientCertificateRequired = true,
            RemoteCertificateValidationCallback = (_, presented, _, _) => (shown = presented?.Subject) == "CN=client",
        };
        await using var server = Start(options, out var port);

        await using (var guarded = new Guarded(Endpoint(port, new ThriftTlsOptions { TrustedRoots = _certificates.Roots, ClientCertificate = client })))
        {
            await guarded.EchoAsync(2);
            Assert.Equal("CN=client", shown);
        }

        await using var stranger = new Guarded(Endpoint(port, new ThriftTlsOptions { TrustedRoots = _certificates.Roots }));
        await Assert.ThrowsAnyAsync<Exception>(() => stranger.Client.ping(TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        Assert.Equal(1, stranger.CircuitBreaker.FailureCount);
    }

    [Theory]
    [MemberData(nameof(WireFormat.InOnePiece), MemberType = typeof(WireFormat))]
    public async Task AServerThatSpeaksPlainlyIsAnErrorThatSaysSo(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        await using var changing = new ChangingServer(_certificates, wireFormat);
        await using var guarded = new Guarded(wireFormat.At(changing.Port) with { Tls = new ThriftTlsOptions { TrustedRoots = _certificates.Roots } });

        var error = Assert.IsType<TTransportException>(await changing.MeetsAsync(guarded, speaksTls: false));

        Assert.Equal(TTransportException.ExceptionType.NotOpen, error.Type);
        Assert.StartsWith($"No connection to {wireFormat.At(changing.Port) with { Tls = new ThriftTlsOptions() }}: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Check that the server speaks TLS there, and which certificates each side wants.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(WireFormat.All), MemberType = typeof(WireFormat))]
    public async Task AServerThatWantsTlsIsAnErrorThatSaysSo(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        await using var changing = new ChangingServer(_certificates, wireFormat);
        await using var guarded = new Guarded(changing.Port, wireFormat);

        var error = await changing.MeetsAsync(guarded, speaksTls: true);

        // What is sent in pieces may find the connection closed before it is sent whole.
        Assert.True(error is TTransportException { Type: TTransportException.ExceptionType.EndOfFile } || (transport == ThriftTransport.Raw && error.GetType() == typeof(IOException)), $"{error}");
        Assert.StartsWith($"No reply from {wireFormat.At(changing.Port)}: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Check the server, and that it speaks this transport and protocol, without TLS.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerThatDoesNotShakeHandsIsATimeoutThatSaysSo()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var guarded = new Guarded(Endpoint(((IPEndPoint)silent.LocalEndpoint).Port, new ThriftTlsOptions()));
        var call = guarded.Client.ping(TestContext.Current.CancellationToken);
        using var accepted = await silent.AcceptSocketAsync(TestContext.Current.CancellationToken);
        await guarded.TimesOutAsync(call);

        var error = await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Contains("within the ConnectTimeout of 5 s. ", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task AnIdleConnectionThatTheServerClosedCostsNoCall()
    {
        using var certificate = _certificates.For("127.0.0.1");
        await using var server = Start(certificate, out var port);
        await using var front = new FaultInjectionProxy(port);
        await using var guarded = new Guarded(Endpoint(front.Port, new ThriftTlsOptions { TrustedRoots = _certificates.Roots }));
        await guarded.EchoAsync(3);

        await front.HangUpAsync();

        await guarded.EchoAsync(3);
        Assert.Equal(2, front.Accepted);
        Assert.Null(guarded.CircuitBreaker.LastFailure);
    }

    [Fact]
    public async Task ACallThatIsGivenUpLeavesItsReplyToNobody()
    {
        using var certificate = _certificates.For("127.0.0.1");
        await using var server = Start(certificate, out var port);
        await using var guarded = new Guarded(Endpoint(port, new ThriftTlsOptions { TrustedRoots = _certificates.Roots }));
        await guarded.EchoAsync(2);
        using var impatience = new CancellationTokenSource();
        var call = guarded.Client.slow(CalculatorHandler.UntilReleased, impatience.Token);
        await server.Handler.SlowCallArrivesAsync();

        await impatience.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        Assert.Equal(impatience.Token, error.CancellationToken);
        server.Handler.Release();
        await guarded.EchoAsync(100);
        Assert.Equal(2, server.Accepted);
    }

    private static ThriftEndpoint Endpoint(int port, ThriftTlsOptions tls) => new("127.0.0.1", port) { Tls = tls };

    private static StreamServer Start(X509Certificate2 certificate, out int port, WireFormat? wireFormat = null)
        => Start(new SslServerAuthenticationOptions { ServerCertificate = certificate }, out port, wireFormat);

    private static StreamServer Start(SslServerAuthenticationOptions options, out int port, WireFormat? wireFormat = null)
    {
        var server = StreamServer.On(
            new IPEndPoint(IPAddress.Loopback, 0),
            out var bound,
            async stream =>
            {
                var secure = new SslStream(stream);
                await secure.AuthenticateAsServerAsync(options);
                return secure;
            },
            wireFormat);
        port = ((IPEndPoint)bound).Port;
        return server;
    }

    /// <summary>What a caller reads whose server is refused; the circuit counts it.</summary>
    private static async Task<string> RefusedAsync(X509Certificate2 certificate, ThriftTlsOptions tls)
    {
        await using var server = Start(certificate, out var port);
        await using var guarded = new Guarded(Endpoint(port, tls));

        var error = await Assert.ThrowsAsync<TTransportException>(
            () => guarded.Client.ping(TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));

        Assert.IsType<AuthenticationException>(error.InnerException);
        Assert.Equal(TTransportException.ExceptionType.NotOpen, error.Type);
        Assert.StartsWith($"No connection to 127.0.0.1:{port} (buffered, binary, TLS): ", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
        return error.Message;
    }

    /// <summary>A server that takes up TLS, or leaves it, between two connections.</summary>
    private sealed class ChangingServer : IAsyncDisposable
    {
        private readonly X509Certificate2 _certificate;
        private readonly StreamServer _server;
        private volatile bool _speaksTls;

        public ChangingServer(Certificates certificates, WireFormat wireFormat)
        {
            _certificate = certificates.For("127.0.0.1");
            _server = StreamServer.On(new IPEndPoint(IPAddress.Loopback, 0), out var bound, GreetAsync, wireFormat);
            Port = ((IPEndPoint)bound).Port;
        }

        public int Port { get; }

        public async ValueTask DisposeAsync()
        {
            await _server.DisposeAsync();
            _certificate.Dispose();
        }

        /// <summary>The error of a call, which is counted once, costs its connection, and is forgotten when the server has changed.</summary>
        public async Task<Exception> MeetsAsync(Guarded guarded, bool speaksTls)
        {
            var outcomes = guarded.Outcomes();
            _speaksTls = speaksTls;
            var error = await Assert.ThrowsAnyAsync<Exception>(
                () => guarded.Client.echo("lost", TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
            Assert.Equal([CallOutcome.Failure], outcomes);
            Assert.Equal((1, 1), (guarded.CircuitBreaker.FailureCount, _server.Accepted));

            _speaksTls = !speaksTls;
            await guarded.EchoAsync(2);
            Assert.Equal((0, 2), (guarded.CircuitBreaker.FailureCount, _server.Accepted));
            return error;
        }

        private async Task<Stream> GreetAsync(Stream stream)
        {
            if (!_speaksTls)
            {
                return stream;
            }

            var secure = new SslStream(stream);
            await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate });
            return secure;
        }
    }
}
