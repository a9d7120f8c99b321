using System.Globalization;

namespace ThriftBreaker.Hosting.Configuration;

/// <summary>Parses the endpoints of the configuration.</summary>
internal static class EndpointText
{
    private const string Syntax = "must be host:port, unix:/path or pipe:name";

    /// <exception cref="FormatException">The text is not an endpoint.</exception>
    public static ThriftEndpoint Parse(string text)
    {
        if (GetRest(text, "unix:") is { } path)
        {
            return ParseUnix(path);
        }

        if (GetRest(text, "pipe:") is { } name)
        {
            return ThriftEndpoint.Pipe(name);
        }

        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            throw new FormatException(Syntax);
        }

        var host = text[..colon];
        if (host.Contains(':', StringComparison.Ordinal) && !host.StartsWith('[') && !host.Contains("://", StringComparison.Ordinal))
        {
            throw new FormatException($"{Syntax}; an IPv6 address stands in brackets, as [::1]:9090");
        }

        return new ThriftEndpoint(host, port);
    }

    private static ThriftEndpoint ParseUnix(string path)
    {
        try
        {
            return ThriftEndpoint.Unix(path);
        }
        catch (ArgumentOutOfRangeException error)
        {
            // The message of the platform repeats the path.
            throw new FormatException("must have a path of about 100 bytes at most", error);
        }
    }

    private static string? GetRest(string text, string scheme) => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? text[scheme.Length..] : null;
}
