using Microsoft.AspNetCore.Http;

namespace ThriftBreaker.Dashboard.Security;

/// <summary>Sets the headers of every response of the page and its API.</summary>
internal static class ResponseHeaders
{
    /// <summary>
    /// Returns the handler with the headers. Browsers must not guess a content type, because names of circuit breakers
    /// are any text. Caches must not keep states, or the nonce of the page.
    /// </summary>
    public static RequestDelegate Secure(RequestDelegate serve) => context =>
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-store";
        return serve(context);
    };
}
