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
    /// <exception cref="ArgumentException">The value is blank, or is not a host name or an IP address.</exception>
    public string? ServerName
    {
        get;
        init => field = value is null ? null : HostName.Parse(value, nameof(ServerName), nameof(ServerName));
    }

    /// <summary>
    /// Gets the root certificates that replace those of the system, for a private certificate authority; default null,
    /// for those of the system. Do not change the collection afterwards.
    /// </summary>
    public X509Certificate2Collection? TrustedRoots { get; init; }

    /// <summary>
    /// Gets how revoked certificates of servers are detected: Online reads the revocation lists of the issuers, over
    /// the network or from the system's cache, Offline reads the cache only; default NoCheck, as in the framework.
    /// </summary>
    /// <remarks>
    /// If a revocation list cannot be read, the certificate is rejected. Reading it is part of
    /// <see cref="ThriftChannelOptions.ConnectTimeout"/>. The setting applies with and without
    /// <see cref="TrustedRoots"/>.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enumeration.</exception>
    public X509RevocationMode CertificateRevocationCheckMode
    {
        get;
        init => field = value is X509RevocationMode.NoCheck or X509RevocationMode.Online or X509RevocationMode.Offline
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(CertificateRevocationCheckMode), value, "CertificateRevocationCheckMode must be NoCheck, Online or Offline.");
    }

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
    /// Gets the certificates between <see cref="ClientCertificate"/> and its root, which are sent with it; default
    /// null, for those that the system has. Servers often know only the root. Other certificates in the collection are
    /// not sent, so it can be that of a whole PKCS #12 file. Do not change the collection afterwards.
    /// </summary>
    public X509Certificate2Collection? ClientCertificateChain { get; init; }

    /// <summary>
    /// Gets the callback that validates the server's certificate instead of the default rules; default null. It
    /// receives the rules that the certificate breaks. A callback that always returns true makes encryption useless
    /// against an attacker.
    /// </summary>
    public RemoteCertificateValidationCallback? Validate { get; init; }

    /// <summary>
    /// Gets the callback that changes the options of each connection last, for options without a setting here; default
    /// null. If it or <see cref="Validate"/> throws, the connection fails with a TTransportException that has the
    /// exception inside.
    /// </summary>
    public Action<SslClientAuthenticationOptions>? Configure { get; init; }
}
