using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>An authority of the test's own, and what it certifies.</summary>
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

    /// <summary>A certificate with its key.</summary>
    /// <param name="name">Whom it is for.</param>
    /// <param name="isExpired">Whether its time is over.</param>
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
        using var whole = signed.CopyWithPrivateKey(key);

        // Some systems do not take a key that was never in a file.
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), password: null);
    }

    public void Dispose()
    {
        _authority.Dispose();
        Roots[0].Dispose();
    }
}
