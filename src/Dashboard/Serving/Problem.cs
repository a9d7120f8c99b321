using Microsoft.AspNetCore.Http;

namespace ThriftBreaker.Dashboard.Serving;

/// <summary>Answers what cannot be done, as application/problem+json.</summary>
internal static class Problem
{
    public static Task WriteAsync(HttpContext context, int status, string detail)
        => TypedResults.Problem(detail, statusCode: status).ExecuteAsync(context);
}
