using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Thrift.Transport;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Connections;

/// <summary>Encrypted connections, and servers with invalid certificates.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly Certificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [MemberData(nameof(WireFormat.SingleWrite), MemberType = typeof(WireFormat))]
    public async Task EachKindOfCall_WorksOverOneConnection(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        using var certificate = _certificates.For("localhost");
        await using var server = Start(certificate, out var port, wireFormat: wireFormat);
        await using var guarded = new Guarded(wireFormat.At(port) with { Tls = new ThriftTlsOptions { ServerName = "localhost", TrustedRoots = _certificates.Roots } });

        await guarded.Client.note("oneway", TestContext.Current.CancellationToken);
        await Calls.MakeEachKindAsync(guarded.Client);
        await guarded.EchoAsync(50);
        await guarded.Client.note("oneway", TestContext.Current.CancellationToken);
        await guarded.EchoAsync(1);

        Assert.Equal((0, 1), (guarded.CircuitBreaker.FailureCount, server.AcceptedCount));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task Certificate_ForHostName_IsAccepted(string host)
    {
        using var certificate = _certificates.For(host);
        await using var server = Start(certificate, out var port);
        await using var guarded = new Guarded(new ThriftEndpoint(host, port) { Tls = new ThriftTlsOptions { TrustedRoots = _certificates.Roots } });

        await guarded.EchoAsync(2);
    }

    [Fact]
    public async Task Certificate_ForOtherName_IsRejected()
    {
        using var certificate = _certificates.For("another.example");
        Assert.Contains("is not for '127.0.0.1'", await GetHandshakeErrorAsync(certificate, new ThriftTlsOptions { TrustedRoots = _certificates.Roots }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_Expired_IsRejected()
    {
        using var certificate = _certificates.For("127.0.0.1", isExpired: true);
        Assert.Contains("NotTimeValid", await GetHandshakeErrorAsync(certificate, new ThriftTlsOptions { TrustedRoots = _certificates.Roots }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_UntrustedRoot_IsRejected()
    {
        using var others = new Certificates();
        using var certificate = _certificates.For("127.0.0.1");
        Assert.Contains("ThriftTlsOptions.TrustedRoots", await GetHandshakeErrorAsync(certificate, new ThriftTlsOptions()), StringComparison.Ordinal);
        Assert.Contains("ThriftTlsOptions.TrustedRoots", await GetHandshakeErrorAsync(certificate, new ThriftTlsOptions { TrustedRoots = others.Roots }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_OverridesTheRules()
    {
        using var certificate = _certificates.For("another.example", isExpired: true);
        var thumbprint = certificate.Thumbprint;
        await using var server = Start(certificate, out var port);
        await using var guarded = new Guarded(Endpoint(port, new ThriftTlsOptions { Validate = (_, shown, _, _) => shown?.GetCertHashString() == thumbprint }));
        await guarded.EchoAsync(2);

        using var valid = _certificates.For("127.0.0.1");
        Assert.Contains(
            "ThriftTlsOptions.Validate rejects the certificate of CN=127.0.0.1",
            await GetHandshakeErrorAsync(valid, new ThriftTlsOptions { TrustedRoots = _certificates.Roots, Validate = static (_, _, _, _) => false }),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configure_ChangesTheOptionsLast()
    {
        using var certificate = _certificates.For("localhost");
        await using var server = Start(certificate, out var port);
        var tls = new ThriftTlsOptions { TrustedRoots = _certificates.Roots, Configure = static options => options.TargetHost = "localhost" };
        await using var guarded = new Guarded(Endpoint(port, tls));

        await guarded.EchoAsync(2);
    }

    [Theory]
    [InlineData("Validate")]
    [InlineData("Configure")]
    public async Task CallbackThrows_ErrorNamesEndpointAndSetting(string setting)
    {
        using var certificate = _certificates.For("127.0.0.1");
        await using var server = Start(certificate, out var port);
        var failure = new InvalidOperationException("not today");
        var tls = setting == "Validate" ? new ThriftTlsOptions { Validate = (_, _, _, _) => throw failure } : new ThriftTlsOptions { Configure = _ => throw failure };
        await using var guarded = new Guarded(Endpoint(port, tls));

        var error = await Assert.ThrowsAsync<TTransportException>(
            () => guarded.Client.ping(TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));

        Assert.Equal($"No connection to 127.0.0.1:{port} (buffered, binary, TLS): not today. ThriftTlsOptions.{setting} has failed.", error.Message);
        Assert.Equal(TTransportException.ExceptionType.NotOpen, error.Type);
        Assert.Same(failure, error.InnerException);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
    }

    /// <summary>The framework rejects such options before it connects.</summary>
    [Fact]
    public async Task ConfigureSetsInvalidOptions_ErrorNamesEndpoint()
    {
        using var certificate = _certificates.For("127.0.0.1");
        await using var server = Start(certificate, out var port);
        await using var guarded = new Guarded(Endpoint(port, new ThriftTlsOptions { Configure = static options => options.EncryptionPolicy = (EncryptionPolicy)99 }));

        var error = await Assert.ThrowsAsync<TTransportException>(
            () => guarded.Client.ping(TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));

        Assert.StartsWith($"No connection to 127.0.0.1:{port} (buffered, binary, TLS): ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallbackSucceedsAfterConnectTimeout_CallFails()
    {
        using var certificate = _certificates.For("127.0.0.1");
        await using var server = Start(certificate, out var port);
        Guarded? late = null;
        var tls = new ThriftTlsOptions
        {
            TrustedRoots = _certificates.Roots,
            Validate = (_, _, _, broken) =>
            {
                late!.Clock.Advance(new ThriftChannelOptions().ConnectTimeout);
                return broken == SslPolicyErrors.None;
            },
        };
        await using var guarded = late = new Guarded(Endpoint(port, tls));

        var error = await Assert.ThrowsAsync<TimeoutException>(
            () => guarded.Client.ping(TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));

        Assert.Contains("within the ConnectTimeout of 5 s", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A name with a trailing dot is absolute in DNS; certificates and SNI have none.</summary>
    [Fact]
    public async Task ServerNameWithTrailingDot_IsSentWithoutIt()
    {
        using var certificate = _certificates.For("localhost");
        string? indicated = null;
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateSelectionCallback = (_, name) =>
            {
                indicated = name;
                return certificate;
            },
        };
        await using var server = Start(options, out var port);
        await using var guarded = new Guarded(Endpoint(port, new ThriftTlsOptions { ServerName = "localhost.", TrustedRoots = _certificates.Roots }));

        await guarded.EchoAsync(2);

        Assert.Equal("localhost", indicated);
    }

    [Theory]
    [InlineData("CertificateRevocationCheckMode")]
    [InlineData("Configure")]
    public async Task RevokedCertificate_IsRejected(string setting)
    {
        await using var list = new RevocationListServer();
        using var certificate = _certificates.For("127.0.0.1", revocationList: list.Address);
        list.Content = _certificates.CreateRevocationList(certificate);
        var tls = setting == "Configure"
            ? new ThriftTlsOptions { Configure = static options => options.CertificateRevocationCheckMode = X509RevocationMode.Online }
            : new ThriftTlsOptions { CertificateRevocationCheckMode = X509RevocationMode.Online };

        var error = await GetHandshakeErrorAsync(certificate, tls with { TrustedRoots = _certificates.Roots });

        Assert.EndsWith(
            ": The certificate of CN=127.0.0.1 is not valid: Revoked. An issuer has revoked the certificate or that of its issuer: the server requires a new one.", error, StringComparison.Ordinal);
        Assert.NotEqual(0, list.Requests);
    }

    [Fact]
    public async Task RevokedCertificate_ByDefault_IsAccepted()
    {
        await using var list = new RevocationListServer();
        using var certificate = _certificates.For("127.0.0.1", revocationList: list.Address);
        list.Content = _certificates.CreateRevocationList(certificate);
        await using var server = Start(certificate, out var port);
        await using var guarded = new Guarded(Endpoint(port, new ThriftTlsOptions { TrustedRoots = _certificates.Roots }));

        await guarded.EchoAsync(2);

        Assert.Equal(0, list.Requests);
    }

    [Fact]
    public async Task RevocationCheck_OtherCertificate_IsAccepted()
    {
        await using var list = new RevocationListServer();
        using var certificate = _certificates.For("127.0.0.1", revocationList: list.Address);
        using var revoked = _certificates.For("revoked.example");
        list.Content = _certificates.CreateRevocationList(revoked);
        await using var server = Start(certificate, out var port);
        await using var guarded = new Guarded(Endpoint(port, new ThriftTlsOptions { TrustedRoots = _certificates.Roots, CertificateRevocationCheckMode = X509RevocationMode.Online }));

        await guarded.EchoAsync(2);

        Assert.NotEqual(0, list.Requests);
    }

    [Fact]
    public async Task RevocationCheck_WithoutList_IsRejected()
    {
        await using var list = new RevocationListServer();
        using var certificate = _certificates.For("127.0.0.1", revocationList: list.Address);

        var error = await GetHandshakeErrorAsync(certificate, new ThriftTlsOptions { TrustedRoots = _certificates.Roots, CertificateRevocationCheckMode = X509RevocationMode.Online });

        Assert.Contains("RevocationStatusUnknown", error, StringComparison.Ordinal);
        Assert.Contains("Check that this machine reaches the revocation list of its issuer, or change ThriftTlsOptions.CertificateRevocationCheckMode", error, StringComparison.Ordinal);
    }

    /// <summary>The download of the list blocks a thread, but not the call.</summary>
    [Fact]
    public async Task RevocationListThatHangs_ConnectTimeoutApplies()
    {
        await using var list = new RevocationListServer { IsSilent = true };
        using var certificate = _certificates.For("127.0.0.1", revocationList: list.Address);
        await using var server = Start(certificate, out var port);
        await using var guarded = new Guarded(Endpoint(port, new ThriftTlsOptions { TrustedRoots = _certificates.Roots, CertificateRevocationCheckMode = X509RevocationMode.Online }));
        var call = guarded.Client.ping(TestContext.Current.CancellationToken);
        await Deadline.UntilAsync(() => list.Requests > 0, "the list is requested");

        guarded.Clock.Advance(new ThriftChannelOptions().ConnectTimeout);

        var error = await Assert.ThrowsAsync<TimeoutException>(() => call.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        Assert.Contains("within the ConnectTimeout of 5 s. The TLS handshake has not completed", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, list.Answers);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClientCertificateChain_IsSentToTheServer(bool sendsChain)
    {
        using var certificate = _certificates.For("127.0.0.1");
        var chain = _certificates.ForIntermediate("client");
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(_certificates.Roots);
        var options = new SslServerAuthenticationOptions { ServerCertificate = certificate, ClientCertificateRequired = true, CertificateChainPolicy = policy };
        await using var server = Start(options, out var port);

        // As a PKCS #12 file has them: the certificate itself, those in between and the root.
        var tls = new ThriftTlsOptions
        {
            TrustedRoots = _certificates.Roots,
            ClientCertificate = chain[0],
            ClientCertificateChain = sendsChain ? [.. chain, .. _certificates.Roots] : null,
        };
        await using var guarded = new Guarded(Endpoint(port, tls));
        try
        {
            if (sendsChain)
            {
                await guarded.EchoAsync(2);
                return;
            }

            // The server knows only the root.
            await Assert.ThrowsAnyAsync<Exception>(() => guarded.Client.ping(TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
            Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
        }
        finally
        {
            foreach (var part in chain)
            {
                part.Dispose();
            }
        }
    }

    [Fact]
    public async Task ClientCertificate_IsSentToTheServer()
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

        await using var anonymous = new Guarded(Endpoint(port, new ThriftTlsOptions { TrustedRoots = _certificates.Roots }));
        await Assert.ThrowsAnyAsync<Exception>(() => anonymous.Client.ping(TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        Assert.Equal(1, anonymous.CircuitBreaker.FailureCount);
    }

    [Theory]
    [MemberData(nameof(WireFormat.SingleWrite), MemberType = typeof(WireFormat))]
    public async Task ServerWithoutTls_ErrorNamesTls(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        await using var changing = new ChangingServer(_certificates, wireFormat);
        await using var guarded = new Guarded(wireFormat.At(changing.Port) with { Tls = new ThriftTlsOptions { TrustedRoots = _certificates.Roots } });

        var error = Assert.IsType<TTransportException>(await changing.EchoThenSwitchAsync(guarded, usesTls: false));

        Assert.Equal(TTransportException.ExceptionType.NotOpen, error.Type);
        Assert.StartsWith($"No connection to {wireFormat.At(changing.Port) with { Tls = new ThriftTlsOptions() }}: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Check that the server uses TLS on this port, and which certificates each side requires.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(WireFormat.All), MemberType = typeof(WireFormat))]
    public async Task ServerWithTls_ErrorNamesTls(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        await using var changing = new ChangingServer(_certificates, wireFormat);
        await using var guarded = new Guarded(changing.Port, wireFormat);

        var error = await changing.EchoThenSwitchAsync(guarded, usesTls: true);

        // The server can close the connection before a request in several writes is complete.
        Assert.True(error is TTransportException { Type: TTransportException.ExceptionType.EndOfFile } || (transport == ThriftTransport.Raw && error.GetType() == typeof(IOException)), $"{error}");
        Assert.StartsWith($"No reply from {wireFormat.At(changing.Port)}: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Check the server, and that it uses this transport and protocol, without TLS.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoHandshake_TimeoutNamesTls()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var guarded = new Guarded(Endpoint(((IPEndPoint)silent.LocalEndpoint).Port, new ThriftTlsOptions()));
        var call = guarded.Client.ping(TestContext.Current.CancellationToken);
        using var accepted = await silent.AcceptSocketAsync(TestContext.Current.CancellationToken);
        await guarded.AdvanceUntilTimeoutAsync(call);

        var error = await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Contains("within the ConnectTimeout of 5 s. ", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task IdleConnectionClosedByServer_NoCallFails()
    {
        using var certificate = _certificates.For("127.0.0.1");
        await using var server = Start(certificate, out var port);
        await using var proxy = new FaultInjectionProxy(port);
        await using var guarded = new Guarded(Endpoint(proxy.Port, new ThriftTlsOptions { TrustedRoots = _certificates.Roots }));
        await guarded.EchoAsync(3);

        await proxy.CloseConnectionsAsync();

        await guarded.EchoAsync(3);
        Assert.Equal(2, proxy.AcceptedCount);
        Assert.Null(guarded.CircuitBreaker.LastException);
    }

    [Fact]
    public async Task CancelledCall_ReplyIsNotReturnedToAnyCall()
    {
        using var certificate = _certificates.For("127.0.0.1");
        await using var server = Start(certificate, out var port);
        await using var guarded = new Guarded(Endpoint(port, new ThriftTlsOptions { TrustedRoots = _certificates.Roots }));
        await guarded.EchoAsync(2);
        using var cancellation = new CancellationTokenSource();
        var call = guarded.Client.slow(CalculatorHandler.UntilReleased, cancellation.Token);
        await server.Handler.WaitForSlowCallAsync();

        await cancellation.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        Assert.Equal(cancellation.Token, error.CancellationToken);
        server.Handler.Release();
        await guarded.EchoAsync(100);
        Assert.Equal(2, server.AcceptedCount);
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
                var sslStream = new SslStream(stream);
                await sslStream.AuthenticateAsServerAsync(options);
                return sslStream;
            },
            wireFormat);
        port = ((IPEndPoint)bound).Port;
        return server;
    }

    /// <summary>Gets the message of a rejected certificate, and asserts that it counts as a failure.</summary>
    private static async Task<string> GetHandshakeErrorAsync(X509Certificate2 certificate, ThriftTlsOptions tls)
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

    /// <summary>A server that enables or disables TLS between two connections.</summary>
    private sealed class ChangingServer : IAsyncDisposable
    {
        private readonly X509Certificate2 _certificate;
        private readonly StreamServer _server;
        private volatile bool _usesTls;

        public ChangingServer(Certificates certificates, WireFormat wireFormat)
        {
            _certificate = certificates.For("127.0.0.1");
            _server = StreamServer.On(new IPEndPoint(IPAddress.Loopback, 0), out var bound, HandshakeAsync, wireFormat);
            Port = ((IPEndPoint)bound).Port;
        }

        public int Port { get; }

        public async ValueTask DisposeAsync()
        {
            await _server.DisposeAsync();
            _certificate.Dispose();
        }

        /// <summary>
        /// Gets the exception of a call, and asserts that it counts once, that its connection is closed, and that a
        /// call succeeds after the switch.
        /// </summary>
        public async Task<Exception> EchoThenSwitchAsync(Guarded guarded, bool usesTls)
        {
            var outcomes = guarded.RecordOutcomes();
            _usesTls = usesTls;
            var error = await Assert.ThrowsAnyAsync<Exception>(
                () => guarded.Client.echo("lost", TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
            Assert.Equal([CallOutcome.Failure], outcomes);
            Assert.Equal((1, 1), (guarded.CircuitBreaker.FailureCount, _server.AcceptedCount));

            _usesTls = !usesTls;
            await guarded.EchoAsync(2);
            Assert.Equal((0, 2), (guarded.CircuitBreaker.FailureCount, _server.AcceptedCount));
            return error;
        }

        private async Task<Stream> HandshakeAsync(Stream stream)
        {
            if (!_usesTls)
            {
                return stream;
            }

            var sslStream = new SslStream(stream);
            await sslStream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate });
            return sslStream;
        }
    }
}
