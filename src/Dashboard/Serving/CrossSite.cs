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

        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var origin = request.Headers.Origin.ToString();
        var isOwn = site is "" or "same-origin" or "none" &&
            (origin.Length == 0 || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase)));
        return isOwn ? null : "The request comes from another site.";
    }
}
