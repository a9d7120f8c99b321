using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace ThriftBreaker;

/// <summary>
/// Performs the TLS handshake. Its exception names the fault of the server's certificate, which the framework's message
/// does not.
/// </summary>
internal static class TlsHandshake
{
    /// <summary>Performs the handshake over a stream, which it owns and disposes if the handshake fails.</summary>
    public static async Task<SslStream> AuthenticateAsync(Stream stream, string host, ThriftTlsOptions tls, CancellationToken cancellationToken)
    {
        string? rejection = null;
        var validate = tls.Validate;
        var sslStream = new SslStream(stream);
        try
        {
            var options = tls.CreateAuthenticationOptions(host);
            options.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
            {
                var accepted = validate is null ? errors == SslPolicyErrors.None : validate(sender, certificate, chain, errors);
                rejection = accepted ? null : GetRejection(certificate, chain, errors, options.TargetHost, validate is not null);
                return accepted;
            };
            tls.Configure?.Invoke(options);
            await sslStream.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
            return sslStream;
        }
        catch (AuthenticationException reason) when (rejection is not null)
        {
            await sslStream.DisposeAsync().ConfigureAwait(false);
            throw new AuthenticationException(rejection, reason);
        }
        catch
        {
            await sslStream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static string GetRejection(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, string? name, bool hasCallback)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return "The server has no certificate.";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return $"The certificate of {certificate?.Subject} is not for '{name}'. Check the host's name, or set the expected name in {nameof(ThriftTlsOptions)}.{nameof(ThriftTlsOptions.ServerName)}.";
        }

        if (!errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) && hasCallback)
        {
            return $"{nameof(ThriftTlsOptions)}.{nameof(ThriftTlsOptions.Validate)} rejects the certificate of {certificate?.Subject}.";
        }

        var status = string.Join(", ", chain?.ChainStatus.Select(static status => $"{status.Status}") ?? []);
        return $"The certificate of {certificate?.Subject} is not valid: {status}. Check its dates, and that its issuer is trusted here or among {nameof(ThriftTlsOptions)}.{nameof(ThriftTlsOptions.TrustedRoots)}.";
    }
}
