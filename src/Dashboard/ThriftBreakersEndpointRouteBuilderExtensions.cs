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
    /// While somebody looks, every call is counted, which costs it an object and two looks at the clock; while nobody does, only changes of state are noted.
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
        var operators = options.Operations ? WhoMeets(options.OperationsPolicy, endpoints.ServiceProvider) : null;

        var lifetime = endpoints.ServiceProvider.GetService<IHostApplicationLifetime>();
        var log = (endpoints.ServiceProvider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger(DashboardLog.Category);
        var watch = new CircuitWatch(endpoints.ServiceProvider.GetService<TimeProvider>() ?? TimeProvider.System);
        lifetime?.ApplicationStopped.Register(watch.Dispose);

        var group = endpoints.MapGroup(pattern);
        group.MapGet("", (RequestDelegate)(context => PageEndpoint.ServeAsync(context, operators is not null)));
        group.MapGet("events", (RequestDelegate)(context => EventsEndpoint.ServeAsync(context, watch, lifetime?.ApplicationStopping ?? CancellationToken.None)));
        group.MapGet("api", (RequestDelegate)(context => ApiEndpoint.ServeAsync(context, watch, operators is not null)));
        group.MapPost("api/{id}/{operation}", (RequestDelegate)(context => operators is not null
            ? OperationEndpoint.ServeAsync(context, operators, watch, log)
            : Problem.WriteAsync(context, StatusCodes.Status403Forbidden, "Operations are off: the app turns them on with MapThriftBreakers(…, options => options.Operations = true).")));

        // Whatever else somebody asks for below the page.
        group.Map("{**path}", (RequestDelegate)UnknownEndpoint.ServeAsync);
        return group;
    }

    private static Operators WhoMeets(string? policy, IServiceProvider services)
    {
        if (string.IsNullOrWhiteSpace(policy))
        {
            throw new InvalidOperationException("MapThriftBreakers: Operations are on, so an OperationsPolicy must say who may steer circuits.");
        }

        if (services.GetService<IAuthorizationPolicyProvider>() is not { } policies || services.GetService<IPolicyEvaluator>() is not { } evaluator)
        {
            throw new InvalidOperationException($"MapThriftBreakers: the policy '{policy}' cannot be looked up; call builder.Services.AddAuthorization(…).");
        }

        return policies.GetPolicyAsync(policy).GetAwaiter().GetResult() is { } found
            ? new Operators(found, evaluator)
            : throw new InvalidOperationException($"MapThriftBreakers: there is no authorization policy '{policy}'; add it with AddAuthorization, or correct OperationsPolicy.");
    }
}
