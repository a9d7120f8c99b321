using System.Net;

namespace ThriftBreaker;

/// <summary>
/// Parses the host of an endpoint, so that a URL or a port in it fails at once and not with the first call.
/// </summary>
internal static class HostName
{
    private const string Syntax = "must be a host name or an IP address";

    /// <summary>Returns the host, without the brackets of an IPv6 address.</summary>
    /// <exception cref="ArgumentNullException">The host is null.</exception>
    /// <exception cref="ArgumentException">
    /// The text is blank, or not a host. The message does not repeat it: it can be a URL with a password.
    /// </exception>
    /// <param name="host">The text.</param>
    /// <param name="subject">The text's name in messages.</param>
    /// <param name="parameter">The parameter or property.</param>
    public static string Parse(string host, string subject, string parameter)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host, parameter);
        var name = host is ['[', .. var bracketed, ']'] && IsIPv6(bracketed) ? bracketed : host;
        return GetFault(name) is { } fault ? throw new ArgumentException($"{subject} {fault}.", parameter) : name;
    }

    /// <summary>
    /// Removes the trailing dot of an absolute DNS name: certificates have none, and TLS does not allow it in the
    /// server name (RFC 6066).
    /// </summary>
    public static string WithoutTrailingDot(string host) => host.TrimEnd('.');

    private static string? GetFault(string host)
    {
        if (host.Contains("://", StringComparison.Ordinal))
        {
            return $"{Syntax}, without a scheme. For a server over HTTP, use ThriftEndpoint.Http";
        }

        return host.Any(IsNeverInHost) ? Syntax
            : IsIPv6(host) ? null
            : HasPort(host) ? $"{Syntax}, without a port"
            : host.AsSpan().IndexOfAny("[]:") >= 0 ? Syntax
            : null;
    }

    private static bool IsNeverInHost(char character)
        => char.IsWhiteSpace(character) || char.IsControl(character) || character is '/' or '\\' or '?' or '#' or '@';

    /// <summary>
    /// The framework's parser accepts brackets and a port, and knows only the scopes of this machine.
    /// </summary>
    private static bool IsIPv6(string host)
        => host.Contains(':', StringComparison.Ordinal)
            && host.AsSpan().IndexOfAny("[]") < 0
            && IPAddress.TryParse(host.Split('%')[0], out _);

    private static bool HasPort(string host)
    {
        var colon = host.LastIndexOf(':');
        var name = colon < 0 ? "" : host[..colon];
        return colon > 0
            && ushort.TryParse(host.AsSpan(colon + 1), out _)
            && (!name.Contains(':', StringComparison.Ordinal) || (name is ['[', .. var bracketed, ']'] && IsIPv6(bracketed)));
    }
}
