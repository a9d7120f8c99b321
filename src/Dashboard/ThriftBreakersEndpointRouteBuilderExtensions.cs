using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ThriftBreaker.Dashboard;
using ThriftBreaker.Dashboard.Endpoints;
using ThriftBreaker.Dashboard.Monitoring;
using ThriftBreaker.Dashboard.Security;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Provides the extension method that adds the dashboard of circuit breakers to an app.</summary>
public static class ThriftBreakersEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps a page that shows every circuit breaker of the process live, and the same as JSON below it
    /// (<c>/breakers/api</c>). It shows names, states, counts and the types of failures, but never what a service was
    /// sent or returned.
    /// </summary>
    /// <remarks>
    /// While the page has a viewer, every call is counted, which costs it one object and two clock reads. Without a
    /// viewer, only state changes are recorded.
    /// </remarks>
    /// <param name="endpoints">The endpoint route builder of the app.</param>
    /// <param name="pattern">The path of the page. The default is <c>/breakers</c>.</param>
    /// <param name="configure">Configures the options of the page; null for the defaults.</param>
    /// <returns>The group of the page and its API, for example to call <c>RequireAuthorization</c> on.</returns>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="endpoints"/> or <paramref name="pattern"/> is null.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// Operations are enabled, and the policy is missing or does not exist.
    /// </exception>
    public static RouteGroupBuilder MapThriftBreakers(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/breakers", Action<ThriftBreakersDashboardOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var options = new ThriftBreakersDashboardOptions();
        configure?.Invoke(options);
        var authorization = options.Operations ? CreateAuthorization(options.OperationsPolicy, endpoints.ServiceProvider) : null;

        var lifetime = endpoints.ServiceProvider.GetService<IHostApplicationLifetime>();
        var log = (endpoints.ServiceProvider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger(DashboardLog.Category);
        var monitor = new CircuitBreakerMonitor(endpoints.ServiceProvider.GetService<TimeProvider>() ?? TimeProvider.System);
        lifetime?.ApplicationStopped.Register(monitor.Dispose);

        var group = endpoints.MapGroup(pattern);
        group.MapGet("", (RequestDelegate)(context => PageEndpoint.ServeAsync(context, authorization is not null)));
        group.MapGet("events", (RequestDelegate)(context => EventsEndpoint.ServeAsync(context, monitor, lifetime?.ApplicationStopping ?? CancellationToken.None)));
        group.MapGet("api", (RequestDelegate)(context => ApiEndpoint.ServeAsync(context, monitor, authorization is not null)));
        group.MapPost("api/{id}/{operation}", (RequestDelegate)(context => authorization is not null
            ? OperationEndpoint.ServeAsync(context, authorization, monitor, log)
            : ProblemResponse.WriteAsync(context, StatusCodes.Status403Forbidden, "Operations are off: the app enables them with MapThriftBreakers(…, options => options.Operations = true).")));
        group.Map("{**path}", (RequestDelegate)FallbackEndpoint.ServeAsync);
        return group;
    }

    private static OperatorAuthorization CreateAuthorization(string? policy, IServiceProvider services)
    {
        if (string.IsNullOrWhiteSpace(policy))
        {
            throw new InvalidOperationException("MapThriftBreakers: Operations are on, so OperationsPolicy must name the authorization policy that operators meet.");
        }

        if (services.GetService<IAuthorizationPolicyProvider>() is not { } policies || services.GetService<IPolicyEvaluator>() is not { } evaluator)
        {
            throw new InvalidOperationException($"MapThriftBreakers: the policy '{policy}' cannot be looked up; call builder.Services.AddAuthorization(…).");
        }

        return policies.GetPolicyAsync(policy).GetAwaiter().GetResult() is { } found
            ? new OperatorAuthorization(found, evaluator)
            : throw new InvalidOperationException($"MapThriftBreakers: the authorization policy '{policy}' does not exist; add it with AddAuthorization, or correct OperationsPolicy.");
    }
}
