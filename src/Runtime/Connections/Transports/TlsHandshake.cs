using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Thrift.Transport;

namespace ThriftBreaker;

/// <summary>
/// Performs the TLS handshake. Its exception names the fault of the server's certificate, which the framework's message
/// does not.
/// </summary>
internal static class TlsHandshake
{
    /// <summary>Building the chain of a client certificate takes about as long as a handshake.</summary>
    private static readonly ConditionalWeakTable<ThriftTlsOptions, SslStreamCertificateContext> ClientCertificates = [];

    /// <summary>Performs the handshake over a stream, which it owns and disposes if the handshake fails.</summary>
    public static async Task<SslStream> AuthenticateAsync(
        Stream stream, string host, ThriftTlsOptions tls, ConnectAttempt attempt, CancellationToken cancellationToken)
    {
        Exception? rejection = null;
        var handshake = Task.CompletedTask;
        var sslStream = new SslStream(stream);
        try
        {
            var options = CreateOptions(host, tls, attempt, reason => rejection = reason);
            handshake = sslStream.AuthenticateAsClientAsync(options, cancellationToken);

            // Validating a certificate can block: it can download a revocation list, or run a user callback.
            await handshake.WaitAsync(cancellationToken).ConfigureAwait(false);
            return sslStream;
        }
        catch (AuthenticationException) when (rejection is not null)
        {
            await DisposeAsync().ConfigureAwait(false);
            throw rejection;
        }
        catch
        {
            await DisposeAsync().ConfigureAwait(false);
            throw;
        }

        async ValueTask DisposeAsync()
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            _ = handshake.ContinueWith(
                static (handshake, sslStream) =>
                {
                    _ = handshake.Exception;
                    ((SslStream)sslStream!).Dispose();
                },
                sslStream,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }

    private static SslClientAuthenticationOptions CreateOptions(
        string host, ThriftTlsOptions tls, ConnectAttempt attempt, Action<Exception?> onValidated)
    {
        var policy = CreateChainPolicy(tls);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = HostName.WithoutTrailingDot(tls.ServerName ?? host),
            CertificateRevocationCheckMode = tls.CertificateRevocationCheckMode,
            CertificateChainPolicy = policy,
            ClientCertificateContext = tls.ClientCertificate is null ? null : ClientCertificates.GetValue(tls, CreateClientCertificateContext),
        };
        options.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
        {
            var rejection = Validate(tls, attempt, options.TargetHost, sender, certificate, chain, errors);
            onValidated(rejection);
            return rejection is null;
        };
        try
        {
            tls.Configure?.Invoke(options);
        }
        catch (Exception error)
        {
            throw attempt.CreateCallbackException($"{nameof(ThriftTlsOptions)}.{nameof(tls.Configure)}", error);
        }

        // SslStream ignores the mode of the options where there is a policy.
        if (policy is not null && options.CertificateRevocationCheckMode != tls.CertificateRevocationCheckMode)
        {
            policy.RevocationMode = options.CertificateRevocationCheckMode;
        }

        return options;
    }

    /// <summary>Creates the policy of custom roots; null for those of the system.</summary>
    private static X509ChainPolicy? CreateChainPolicy(ThriftTlsOptions tls)
    {
        if (tls.TrustedRoots is null)
        {
            return null;
        }

        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = tls.CertificateRevocationCheckMode,
        };
        policy.CustomTrustStore.AddRange(tls.TrustedRoots);
        return policy;
    }

    /// <summary>Servers know the root of a client certificate, but often not the certificates in between.</summary>
    private static SslStreamCertificateContext CreateClientCertificateContext(ThriftTlsOptions tls)
        => SslStreamCertificateContext.Create(tls.ClientCertificate!, tls.ClientCertificateChain, offline: true);

    /// <summary>Returns the reason to reject the server's certificate; null if it is accepted.</summary>
    private static TTransportException? Validate(
        ThriftTlsOptions tls,
        ConnectAttempt attempt,
        string? name,
        object sender,
        X509Certificate? certificate,
        X509Chain? chain,
        SslPolicyErrors errors)
    {
        try
        {
            if (tls.Validate is { } validate ? validate(sender, certificate, chain, errors) : errors == SslPolicyErrors.None)
            {
                return null;
            }

            var (reason, advice) = GetRejection(certificate, chain, errors, name, tls.Validate is not null);
            return attempt.CreateException(reason, advice, new AuthenticationException(reason));
        }
#pragma warning disable CA1031 // A user callback can throw anything. The handshake ends with an alert to the server.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return attempt.CreateCallbackException($"{nameof(ThriftTlsOptions)}.{nameof(tls.Validate)}", error);
        }
    }

    private static (string Reason, string Advice) GetRejection(
        X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, string? name, bool hasCallback)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return ("The server has no certificate", "Check that the server uses TLS with certificates.");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return (
                $"The certificate of {certificate?.Subject} is not for '{name}'",
                $"Check the host's name, or set the expected name in {nameof(ThriftTlsOptions)}.{nameof(ThriftTlsOptions.ServerName)}.");
        }

        if (!errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) && hasCallback)
        {
            return (
                $"{nameof(ThriftTlsOptions)}.{nameof(ThriftTlsOptions.Validate)} rejects the certificate of {certificate?.Subject}",
                "Check the certificate of the server.");
        }

        var faults = (chain?.ChainStatus ?? []).Aggregate(X509ChainStatusFlags.NoError, static (all, status) => all | status.Status);
        return ($"The certificate of {certificate?.Subject} is not valid: {faults}", GetAdvice(faults));
    }

    private static string GetAdvice(X509ChainStatusFlags faults)
    {
        const X509ChainStatusFlags NoList = X509ChainStatusFlags.RevocationStatusUnknown | X509ChainStatusFlags.OfflineRevocation;
        if (faults.HasFlag(X509ChainStatusFlags.Revoked))
        {
            return "An issuer has revoked the certificate or that of its issuer: the server requires a new one.";
        }

        return (faults & ~NoList) == X509ChainStatusFlags.NoError
            ? $"Check that this machine reaches the revocation list of its issuer, or change {nameof(ThriftTlsOptions)}.{nameof(ThriftTlsOptions.CertificateRevocationCheckMode)}."
            : $"Check its dates, and that its issuer is trusted here or among {nameof(ThriftTlsOptions)}.{nameof(ThriftTlsOptions.TrustedRoots)}.";
    }
}
