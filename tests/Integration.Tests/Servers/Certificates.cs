using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>A test certificate authority and its certificates.</summary>
internal sealed class Certificates : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    private readonly X509Certificate2 _authority;

    public Certificates()
    {
        using var key = ECDsa.Create();
        var request = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        _authority = request.CreateSelfSigned(Now.AddDays(-30), Now.AddDays(30));
        Roots = [X509CertificateLoader.LoadCertificate(_authority.RawData)];
    }

    public X509Certificate2Collection Roots { get; }

    /// <summary>Creates a certificate with its private key.</summary>
    /// <param name="name">The DNS name or IP address.</param>
    /// <param name="isExpired">Whether the certificate has expired.</param>
    public X509Certificate2 For(string name, bool isExpired = false)
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
        using var signed = request.Create(_authority, Now.AddDays(-20), isExpired ? Now.AddDays(-10) : Now.AddDays(20), RandomNumberGenerator.GetBytes(8));
        using var withKey = signed.CopyWithPrivateKey(key);

        // Some systems reject a key that was never in a file.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), password: null);
    }

    public void Dispose()
    {
        _authority.Dispose();
        Roots[0].Dispose();
    }
}
