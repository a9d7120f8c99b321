using Microsoft.AspNetCore.Http;

namespace ThriftBreaker.Dashboard.Serving;

/// <summary>
/// Tells a request of the page from one that another site makes a browser send with its user's cookies. A browser lets no other site set a header of
/// its own without asking first, and says itself where a request comes from.
/// </summary>
internal static class CrossSite
{
    /// <summary>The header that the page sends with every operation.</summary>
    public const string Header = "X-ThriftBreaker";

    /// <summary>Why the request is refused; null where it is not.</summary>
    public static string? Objection(HttpRequest request)
    {
        if (!request.Headers.ContainsKey(Header))
        {
            return $"Operations want the header {Header}, which no other site can send.";
        }

        // What the browser itself has compared comes first: a proxy may call the app by another name than the browser does.
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
        {
            return site is "same-origin" or "none" ? null : $"The request comes from another site: Sec-Fetch-Site is '{site}'.";
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || IsOf(origin, request.Host) ? null
            : $"The request comes from another site, or through a proxy that does not pass the Host on: Origin is '{origin}', and Host is '{request.Host.Value}'. " +
              "Let the proxy send the Host that it was asked for, or X-Forwarded-Host with UseForwardedHeaders in the app.";
    }

    /// <summary>A port that a browser leaves out some proxies write.</summary>
    private static bool IsOf(string origin, HostString host)
        => Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Host, host.Host, StringComparison.OrdinalIgnoreCase) && (host.Port is { } port ? uri.Port == port : uri.IsDefaultPort);
}
