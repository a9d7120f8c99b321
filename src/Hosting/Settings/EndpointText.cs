using System.Globalization;

namespace ThriftBreaker.Hosting.Settings;

/// <summary>Endpoints as configuration writes them.</summary>
internal static class EndpointText
{
    private const string Advice = "must be host:port, unix:/path or pipe:name";

    /// <exception cref="FormatException">The text is no endpoint.</exception>
    public static ThriftEndpoint Parse(string text)
    {
        if (After(text, "unix:") is { } path)
        {
            return ThriftEndpoint.Unix(path);
        }

        if (After(text, "pipe:") is { } name)
        {
            return ThriftEndpoint.Pipe(name);
        }

        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            throw new FormatException(Advice);
        }

        var host = text[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            host = host[1..^1];
        }
        else if (host.Contains(':', StringComparison.Ordinal))
        {
            throw new FormatException($"{Advice}; an IPv6 address stands in brackets, as [::1]:9090");
        }

        return new ThriftEndpoint(host, port);
    }

    private static string? After(string text, string scheme) => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? text[scheme.Length..] : null;
}
