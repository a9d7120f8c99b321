using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace ThriftBreaker.Dashboard.Serving;

/// <summary>Answers what cannot be done, as application/problem+json.</summary>
internal static class Problem
{
    public static Task WriteAsync(HttpContext context, int status, string detail)
    {
        context.Response.StatusCode = status;

        // By JSON of our own: the app's may know no ProblemDetails, where it is published as native code.
        return context.Response.WriteAsJsonAsync(
            new ProblemDetails { Status = status, Title = ReasonPhrases.GetReasonPhrase(status), Detail = detail }, DashboardJson.Default.ProblemDetails, "application/problem+json", context.RequestAborted);
    }
}
