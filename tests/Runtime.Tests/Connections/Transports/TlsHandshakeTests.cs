using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Thrift.Transport;

namespace ThriftBreaker.Runtime.Tests.Connections.Transports;

/// <summary>The stream of a failed TLS handshake is disposed. TlsTests use real servers and certificates.</summary>
public sealed class TlsHandshakeTests
{
    [Fact]
    public async Task ConfigureThrows_DisposesStream()
    {
        using var stream = new MemoryStream();
        var tls = new ThriftTlsOptions { Configure = static _ => throw new InvalidOperationException("not today") };

        await Assert.ThrowsAsync<TTransportException>(() => AuthenticateAsync(stream, tls));

        Assert.False(stream.CanRead);
    }

    [Fact]
    public void CertificateRevocationCheckMode_NotInEnum_Throws()
    {
        Assert.Equal(X509RevocationMode.NoCheck, new ThriftTlsOptions().CertificateRevocationCheckMode);
        Assert.Throws<ArgumentOutOfRangeException>("CertificateRevocationCheckMode", static () => new ThriftTlsOptions { CertificateRevocationCheckMode = (X509RevocationMode)3 });
    }

    /// <summary>Without a revocation check, the mode that Configure sets applies to the policy of the custom roots too.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RevocationMode_IsThatOfConfigure(bool changesPolicy)
    {
        using var stream = new MemoryStream();
        SslClientAuthenticationOptions? configured = null;
        var tls = new ThriftTlsOptions
        {
            TrustedRoots = [],
            Configure = options =>
            {
                configured = options;
                if (changesPolicy)
                {
                    options.CertificateChainPolicy!.RevocationMode = X509RevocationMode.Offline;
                }
                else
                {
                    options.CertificateRevocationCheckMode = X509RevocationMode.Offline;
                }
            },
        };

        await Assert.ThrowsAnyAsync<Exception>(() => AuthenticateAsync(stream, tls));

        Assert.Equal(X509RevocationMode.Offline, configured?.CertificateChainPolicy?.RevocationMode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RevocationMode_AppliesWithAndWithoutRoots(bool hasRoots)
    {
        using var stream = new MemoryStream();
        SslClientAuthenticationOptions? configured = null;
        var tls = new ThriftTlsOptions { TrustedRoots = hasRoots ? [] : null, CertificateRevocationCheckMode = X509RevocationMode.Online, Configure = options => configured = options };

        await Assert.ThrowsAnyAsync<Exception>(() => AuthenticateAsync(stream, tls));

        Assert.Equal(X509RevocationMode.Online, configured?.CertificateRevocationCheckMode);
        Assert.Equal(hasRoots ? X509RevocationMode.Online : null, configured?.CertificateChainPolicy?.RevocationMode);
    }

    [Theory]
    [InlineData("orders.internal.", null, "orders.internal")]
    [InlineData("10.0.0.1", "orders.internal.", "orders.internal")]
    [InlineData("orders.internal", null, "orders.internal")]
    public async Task ServerName_HasNoTrailingDot(string host, string? serverName, string expected)
    {
        using var stream = new MemoryStream();
        string? sent = null;

        await Assert.ThrowsAnyAsync<Exception>(
            () => AuthenticateAsync(stream, new ThriftTlsOptions { ServerName = serverName, Configure = options => sent = options.TargetHost }, host));

        Assert.Equal(expected, sent);
    }

    private static Task<SslStream> AuthenticateAsync(Stream stream, ThriftTlsOptions tls, string host = "localhost")
        => TlsHandshake.AuthenticateAsync(stream, host, tls, new ConnectAttempt(new ThriftEndpoint(host, 1), new ThriftChannelOptions()), TestContext.Current.CancellationToken);
}
