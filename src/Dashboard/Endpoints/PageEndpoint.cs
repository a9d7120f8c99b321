using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace ThriftBreaker.Dashboard.Endpoints;

/// <summary>Serves the page: one file that sends requests to this app only.</summary>
internal static class PageEndpoint
{
    private static readonly string Html = ReadHtml();

    public static Task ServeAsync(HttpContext context, bool operations)
    {
        // Only the page's own script and style run, whatever the name of a circuit breaker contains.
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
        headers["Referrer-Policy"] = "no-referrer";
        context.Response.ContentType = "text/html; charset=utf-8";
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.WriteAsync(
                Html.Replace("{nonce}", nonce, StringComparison.Ordinal).Replace("{operations}", operations ? "true" : "false", StringComparison.Ordinal),
                context.RequestAborted);
    }

    private static string ReadHtml()
    {
        using var reader = new StreamReader(typeof(PageEndpoint).Assembly.GetManifestResourceStream("page.html")!);
        return reader.ReadToEnd();
    }
}
