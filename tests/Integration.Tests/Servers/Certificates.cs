using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>A test certificate authority and its certificates.</summary>
internal sealed class Certificates : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    private readonly X509Certificate2 _authority = CreateAuthority("Test authority", issuer: null);

    public Certificates() => Roots = [X509CertificateLoader.LoadCertificate(_authority.RawData)];

    public X509Certificate2Collection Roots { get; }

    /// <summary>Creates a certificate with its private key.</summary>
    /// <param name="name">The DNS name or IP address.</param>
    /// <param name="isExpired">Whether the certificate has expired.</param>
    /// <param name="revocationList">The address of the revocation list of the authority.</param>
    public X509Certificate2 For(string name, bool isExpired = false, Uri? revocationList = null) => Create(name, _authority, isExpired, revocationList);

    /// <summary>
    /// Creates a certificate with its private key whose issuer is an intermediate authority, which comes second.
    /// </summary>
    public X509Certificate2Collection ForIntermediate(string name)
    {
        using var intermediate = CreateAuthority("Test intermediate", _authority);
        return [Create(name, intermediate), X509CertificateLoader.LoadCertificate(intermediate.RawData)];
    }

    /// <summary>Creates the revocation list of the authority.</summary>
    public byte[] CreateRevocationList(params X509Certificate2[] revoked)
    {
        var list = new CertificateRevocationListBuilder();
        foreach (var certificate in revoked)
        {
            list.AddEntry(certificate, Now.AddDays(-1), X509RevocationReason.KeyCompromise);
        }

        return list.Build(_authority, crlNumber: 1, nextUpdate: Now.AddDays(1), HashAlgorithmName.SHA256, thisUpdate: Now.AddDays(-1));
    }

    public void Dispose()
    {
        _authority.Dispose();
        Roots[0].Dispose();
    }

    private static X509Certificate2 CreateAuthority(string name, X509Certificate2? issuer)
    {
        using var key = ECDsa.Create();
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        if (issuer is null)
        {
            return request.CreateSelfSigned(Now.AddDays(-30), Now.AddDays(30));
        }

        using var signed = request.Create(issuer, Now.AddDays(-25), Now.AddDays(25), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }

    private static X509Certificate2 Create(string name, X509Certificate2 issuer, bool isExpired = false, Uri? revocationList = null)
    {
        using var key = ECDsa.Create();
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(name);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        if (revocationList is not null)
        {
            request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([revocationList.AbsoluteUri]));
        }

        using var signed = request.Create(issuer, Now.AddDays(-20), isExpired ? Now.AddDays(-10) : Now.AddDays(20), RandomNumberGenerator.GetBytes(8));
        using var withKey = signed.CopyWithPrivateKey(key);

        // Some systems reject a key that was never in a file.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), password: null);
    }
}
