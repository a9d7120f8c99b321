using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace ThriftBreaker;

/// <summary>Agrees on TLS with a server, and says what is wrong with its certificate, which the framework's message leaves to guess.</summary>
internal static class TlsHandshake
{
    /// <summary>Takes the stream over, whether it succeeds or not.</summary>
    public static async Task<SslStream> ShakeAsync(Stream stream, string host, ThriftTlsOptions tls, CancellationToken cancellationToken)
    {
        string? complaint = null;
        var validate = tls.Validate;
        var secure = new SslStream(stream);
        try
        {
            var options = tls.OptionsFor(host);
            options.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
            {
                var accepted = validate is null ? errors == SslPolicyErrors.None : validate(sender, certificate, chain, errors);
                complaint = accepted ? null : Complaint(certificate, chain, errors, options.TargetHost, validate is not null);
                return accepted;
            };
            tls.Configure?.Invoke(options);
            await secure.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
            return secure;
        }
        catch (AuthenticationException reason) when (complaint is not null)
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            throw new AuthenticationException(complaint, reason);
        }
        catch
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static string Complaint(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, string? name, bool byUser)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return "The server has no certificate.";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return $"The certificate of {certificate?.Subject} is not for '{name}'. Check the host's name, or name the server that is meant in {nameof(ThriftTlsOptions)}.{nameof(ThriftTlsOptions.ServerName)}.";
        }

        if (!errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) && byUser)
        {
            return $"{nameof(ThriftTlsOptions)}.{nameof(ThriftTlsOptions.Validate)} refuses the certificate of {certificate?.Subject}.";
        }

        var status = string.Join(", ", chain?.ChainStatus.Select(static status => $"{status.Status}") ?? []);
        return $"The certificate of {certificate?.Subject} is not valid: {status}. Check its dates, and that its issuer is trusted here or among {nameof(ThriftTlsOptions)}.{nameof(ThriftTlsOptions.TrustedRoots)}.";
    }
}
