using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ThriftBreaker;

/// <summary>
/// Represents the TLS settings of connections. By default, the server's certificate must be valid, trusted by the
/// system, and issued for the host name. Immutable.
/// </summary>
public sealed record ThriftTlsOptions
{
    /// <summary>
    /// Gets the name that the server's certificate must contain, which is also sent to the server (SNI); default null,
    /// for the host of the endpoint.
    /// </summary>
    /// <exception cref="ArgumentException">The value is empty or blank.</exception>
    public string? ServerName
    {
        get;
        init => field = value is null || !string.IsNullOrWhiteSpace(value)
            ? value
            : throw new ArgumentException("ServerName must not be blank.", nameof(ServerName));
    }

    /// <summary>
    /// Gets the root certificates that replace those of the system, for a private certificate authority; default null,
    /// for those of the system. Do not change the collection afterwards.
    /// </summary>
    public X509Certificate2Collection? TrustedRoots { get; init; }

    /// <summary>
    /// Gets the client certificate, with its private key, for servers that require one; default null, for none.
    /// </summary>
    /// <exception cref="ArgumentException">The certificate has no private key.</exception>
    public X509Certificate2? ClientCertificate
    {
        get;
        init => field = value is null || value.HasPrivateKey
            ? value
            : throw new ArgumentException("ClientCertificate must have its private key.", nameof(ClientCertificate));
    }

    /// <summary>
    /// Gets the callback that validates the server's certificate instead of the default rules; default null. It
    /// receives the rules that the certificate breaks. A callback that always returns true makes encryption useless
    /// against an attacker.
    /// </summary>
    public RemoteCertificateValidationCallback? Validate { get; init; }

    /// <summary>
    /// Gets the callback that changes the options of each connection last, for options without a setting here; default
    /// null.
    /// </summary>
    public Action<SslClientAuthenticationOptions>? Configure { get; init; }

    /// <summary>Creates the options of <see cref="SslStream"/> for one connection.</summary>
    internal SslClientAuthenticationOptions CreateAuthenticationOptions(string host)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = ServerName ?? host };
        if (ClientCertificate is not null)
        {
            options.ClientCertificates = [ClientCertificate];
        }

        if (TrustedRoots is not null)
        {
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(TrustedRoots);
        }

        return options;
    }
}
