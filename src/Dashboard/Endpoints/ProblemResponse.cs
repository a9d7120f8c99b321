using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace ThriftBreaker.Dashboard.Endpoints;

/// <summary>Writes refusals as application/problem+json.</summary>
internal static class ProblemResponse
{
    public static Task WriteAsync(HttpContext context, int status, string detail)
    {
        context.Response.StatusCode = status;

        // The app's own JSON options can lack ProblemDetails if it is published as native code.
        return context.Response.WriteAsJsonAsync(
            new ProblemDetails { Status = status, Title = ReasonPhrases.GetReasonPhrase(status), Detail = detail },
            DashboardJson.Default.ProblemDetails,
            "application/problem+json",
            context.RequestAborted);
    }
}
