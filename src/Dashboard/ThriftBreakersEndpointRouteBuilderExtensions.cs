using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ThriftBreaker.Dashboard;
using ThriftBreaker.Dashboard.Circuits;
using ThriftBreaker.Dashboard.Serving;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the page of the circuits to an app.</summary>
public static class ThriftBreakersEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Serves a page that shows every circuit of the process, live, and the same as JSON below it (<c>/breakers/api</c>). It tells names, states, counts
    /// and the types of failures; never what a service was sent or returned.
    /// </summary>
    /// <remarks>
    /// While somebody looks, every call is counted, which costs it an object and two looks at the clock; while nobody does, it costs nothing.
    /// </remarks>
    /// <param name="endpoints">The app.</param>
    /// <param name="pattern">Where: <c>/breakers</c>.</param>
    /// <param name="configure">Sets what is to be otherwise.</param>
    /// <returns>The page and everything below it, to protect with <c>RequireAuthorization</c>, say.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="endpoints"/> or <paramref name="pattern"/> is null.</exception>
    /// <exception cref="InvalidOperationException">Operations are on, and there is no policy for them, or none of that name.</exception>
    public static RouteGroupBuilder MapThriftBreakers(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/breakers", Action<ThriftBreakersDashboardOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var options = new ThriftBreakersDashboardOptions();
        configure?.Invoke(options);
        Check(options, endpoints.ServiceProvider);

        var lifetime = endpoints.ServiceProvider.GetService<IHostApplicationLifetime>();
        var log = (endpoints.ServiceProvider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger(DashboardLog.Category);
        var watch = new CircuitWatch(endpoints.ServiceProvider.GetService<TimeProvider>() ?? TimeProvider.System);
        lifetime?.ApplicationStopped.Register(watch.Dispose);

        var operations = options.Operations;
        var group = endpoints.MapGroup(pattern);
        group.MapGet("", (RequestDelegate)(context => PageEndpoint.ServeAsync(context, operations)));
        group.MapGet("events", (RequestDelegate)(context => EventsEndpoint.ServeAsync(context, watch, lifetime?.ApplicationStopping ?? CancellationToken.None)));
        group.MapGet("api", (RequestDelegate)(context => WriteAsync(context, watch, operations)));
        var steering = group.MapPost("api/{id}/{operation}", (RequestDelegate)(context => operations
            ? OperationEndpoint.ServeAsync(context, watch, log)
            : Problem.WriteAsync(context, StatusCodes.Status403Forbidden, "Operations are off: the app turns them on with MapThriftBreakers(…, options => options.Operations = true).")));
        if (operations)
        {
            steering.RequireAuthorization(options.OperationsPolicy!);
        }

        // Whatever else somebody asks for below the page.
        group.Map("{**path}", (RequestDelegate)UnknownEndpoint.ServeAsync);
        return group;
    }

    private static Task WriteAsync(HttpContext context, CircuitWatch watch, bool operations)
    {
        var picture = watch.Look();
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(
            JsonSerializer.Serialize(new ApiAnswer(picture.Now, operations, picture.Circuits, watch.History.After(0)), DashboardJson.Default.ApiAnswer), context.RequestAborted);
    }

    private static void Check(ThriftBreakersDashboardOptions options, IServiceProvider services)
    {
        if (!options.Operations)
        {
            return;
        }

        if (string.IsNullOrWhiteSpace(options.OperationsPolicy))
        {
            throw new InvalidOperationException("MapThriftBreakers: Operations are on, so an OperationsPolicy must say who may steer circuits.");
        }

        var policies = services.GetService<IAuthorizationPolicyProvider>()
            ?? throw new InvalidOperationException($"MapThriftBreakers: the policy '{options.OperationsPolicy}' cannot be looked up; call builder.Services.AddAuthorization(…).");
        if (policies.GetPolicyAsync(options.OperationsPolicy).GetAwaiter().GetResult() is null)
        {
            throw new InvalidOperationException(
                $"MapThriftBreakers: there is no authorization policy '{options.OperationsPolicy}'; add it with AddAuthorization, or correct OperationsPolicy.");
        }
    }
}
