using Microsoft.AspNetCore.Http;

namespace ThriftBreaker.Dashboard.Security;

/// <summary>
/// Distinguishes requests of the page from requests that another site makes a browser send with its user's cookies. A
/// browser lets another site set a custom header only after a CORS preflight, and reports the origin of a request
/// itself.
/// </summary>
internal static class CrossSiteCheck
{
    /// <summary>The header that the page sends with every operation.</summary>
    public const string Header = "X-ThriftBreaker";

    /// <summary>Returns why the request is refused; null if it is accepted.</summary>
    public static string? GetRefusalReason(HttpRequest request)
    {
        if (!request.Headers.ContainsKey(Header))
        {
            return $"Operations require the header {Header}, which no other site can send.";
        }

        // The browser's own comparison takes precedence: a proxy can call the app by another host name than the browser
        // does.
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
        {
            return site is "same-origin" or "none" ? null : $"The request comes from another site: Sec-Fetch-Site is '{site}'.";
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || IsSameOrigin(origin, request) ? null
            : "The request comes from another site, or through a proxy that does not pass the Host on: " +
              $"Origin is '{origin}', and Host is '{request.Host.Value}' over {request.Scheme}. " +
              "Let the proxy send the Host of the original request, or X-Forwarded-Host, and X-Forwarded-Proto, " +
              "with UseForwardedHeaders in the app.";
    }

    /// <summary>Some proxies add the default port, which browsers omit.</summary>
    private static bool IsSameOrigin(string origin, HttpRequest request)
        => Uri.TryCreate(origin, UriKind.Absolute, out var uri) &&
           string.Equals(uri.Scheme, request.Scheme, StringComparison.OrdinalIgnoreCase) &&
           string.Equals(uri.Host, request.Host.Host, StringComparison.OrdinalIgnoreCase) &&
           (request.Host.Port is { } port ? uri.Port == port : uri.IsDefaultPort);
}
