using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ThriftBreaker;

/// <summary>
/// That a connection is encrypted, and whom it may be with. As it is, the server's certificate must be valid, be trusted by the system, and
/// carry the host's name. Immutable.
/// </summary>
public sealed record ThriftTlsOptions
{
    /// <summary>The name that the server's certificate must carry, also told to the server (SNI); default null: the endpoint's host.</summary>
    /// <exception cref="ArgumentException">The value is empty or blank.</exception>
    public string? ServerName
    {
        get;
        init => field = value is null || !string.IsNullOrWhiteSpace(value)
            ? value
            : throw new ArgumentException("ServerName must not be blank.", nameof(ServerName));
    }

    /// <summary>
    /// The certificates that the server's must come from, instead of those that the system trusts: a private authority's. Default null. Not
    /// to be changed afterwards.
    /// </summary>
    public X509Certificate2Collection? TrustedRoots { get; init; }

    /// <summary>The certificate, with its private key, that the client shows to a server that asks for one; default null: none.</summary>
    /// <exception cref="ArgumentException">The certificate has no private key.</exception>
    public X509Certificate2? ClientCertificate
    {
        get;
        init => field = value is null || value.HasPrivateKey
            ? value
            : throw new ArgumentException("ClientCertificate must have its private key.", nameof(ClientCertificate));
    }

    /// <summary>
    /// Judges the server's certificate instead of the rules; default null. It is told which of them the certificate breaks, and one that
    /// only ever says true lets anybody listen.
    /// </summary>
    public RemoteCertificateValidationCallback? Validate { get; init; }

    /// <summary>Has the last word on the options of each connection, for what has no setting here; default null.</summary>
    public Action<SslClientAuthenticationOptions>? Configure { get; init; }

    /// <summary>The framework's own options for one connection.</summary>
    internal SslClientAuthenticationOptions OptionsFor(string host)
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
