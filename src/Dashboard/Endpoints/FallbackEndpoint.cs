using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ThriftBreaker.Dashboard.Endpoints;

/// <summary>Refuses requests below the page with an unknown path or an unsupported method.</summary>
internal static class FallbackEndpoint
{
    public static Task ServeAsync(HttpContext context)
    {
        var path = context.GetRouteValue("path") as string ?? "";
        var allowed = path switch
        {
            "" or "api" or "api/transitions" or "events" => HttpMethods.Get,
            _ when path.StartsWith("api/", StringComparison.Ordinal) && path.Count(static letter => letter == '/') == 2 => HttpMethods.Post,
            _ => null,
        };
        if (allowed is null)
        {
            return ProblemResponse.WriteAsync(
                context,
                StatusCodes.Status404NotFound,
                "Nothing was found here; the page serves GET …/, GET …/api, GET …/api/transitions, GET …/events " +
                "and POST …/api/{id}/{operation}.");
        }

        context.Response.Headers.Allow = allowed == HttpMethods.Get ? "GET, HEAD" : allowed;
        return ProblemResponse.WriteAsync(
            context, StatusCodes.Status405MethodNotAllowed, $"The method {context.Request.Method} is not supported here; use {allowed}.");
    }
}
