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
    /// sent or returned. Every user can see the page until <c>RequireAuthorization</c> is called on the result.
    /// </summary>
    /// <remarks>
    /// Output caching, request timeouts and rate limiters of the app do not apply to the page.
    /// While the page has a viewer, every call is counted, which costs it one object and two clock reads. Without a
    /// viewer, only state changes are recorded.
    /// </remarks>
    /// <param name="endpoints">The endpoint route builder of the app.</param>
    /// <param name="pattern">The path of the page. The default is <c>/breakers</c>.</param>
    /// <param name="configure">Configures the options of the page; null for the defaults.</param>
    /// <returns>The group of the page and its API, on which to call <c>RequireAuthorization</c>.</returns>
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

        var viewers = new ViewerLimit(options.MaxViewers, TimeSpan.FromSeconds(10), "viewers");
        var requests = new ViewerLimit(options.MaxViewers, TimeSpan.FromSeconds(1), "requests of the API");
        var stopping = lifetime?.ApplicationStopping ?? CancellationToken.None;
        var group = CreateGroup(endpoints, pattern);
        MapGet("", context => PageEndpoint.ServeAsync(context, authorization is not null));
        MapGet("events", context => EventsEndpoint.ServeAsync(context, monitor, viewers, stopping));
        MapGet("api", context => ApiEndpoint.ServeStateAsync(context, monitor, requests, authorization is not null));
        MapGet("api/transitions", context => ApiEndpoint.ServeTransitionsAsync(context, monitor, requests));
        RequestDelegate operate = context => OperationEndpoint.ServeAsync(context, authorization, monitor, log);
        group.MapPost("api/{id}/{operation}", ResponseHeaders.Secure(operate));
        group.Map("{**path}", ResponseHeaders.Secure(FallbackEndpoint.ServeAsync));
        return group;

        void MapGet(string path, RequestDelegate serve)
            => group.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], ResponseHeaders.Secure(serve));
    }

    /// <summary>
    /// Creates the group without the app's output cache, request timeout and rate limiter. They would serve one
    /// viewer's stream and nonce to others, end streams, and count a stream as a request that never ends.
    /// </summary>
    private static RouteGroupBuilder CreateGroup(IEndpointRouteBuilder endpoints, string pattern)
    {
        var group = endpoints.MapGroup(pattern);
        group.CacheOutput(static policy => policy.NoCache()).DisableRequestTimeout().DisableRateLimiting();
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
