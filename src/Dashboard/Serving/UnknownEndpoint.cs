using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ThriftBreaker.Dashboard.Serving;

/// <summary>Answers requests below the page that ask for nothing that there is, or for what there is in another way.</summary>
internal static class UnknownEndpoint
{
    public static Task ServeAsync(HttpContext context)
    {
        var path = context.GetRouteValue("path") as string ?? "";
        var allowed = path switch
        {
            "" or "api" or "events" => HttpMethods.Get,
            _ when path.StartsWith("api/", StringComparison.Ordinal) && path.Count(static letter => letter == '/') == 2 => HttpMethods.Post,
            _ => null,
        };
        if (allowed is null)
        {
            return Problem.WriteAsync(context, StatusCodes.Status404NotFound, "There is nothing here; there are GET …/, GET …/api, GET …/events and POST …/api/{id}/{operation}.");
        }

        context.Response.Headers.Allow = allowed;
        return Problem.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, $"Only {allowed} is answered here, not {context.Request.Method}.");
    }
}
