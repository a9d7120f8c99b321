using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ThriftBreaker.Hosting.Health;

/// <summary>Reports the circuit breakers that reject calls. It reads their state, and calls no server.</summary>
internal sealed class ThriftBreakersHealthCheck(
    IThriftClientRegistry? clients, IEnumerable<CircuitBreaker> others, IEnumerable<CircuitBreakerRegistry> registries) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var circuitBreakers = GetCircuitBreakers();
        string[] problems =
        [
            .. circuitBreakers.Where(static circuitBreaker => RejectsCalls(circuitBreaker))
                .Select(static circuitBreaker => $"'{circuitBreaker.Name}' is {Describe(circuitBreaker)}"),
            .. Clients.Where(static client => HasNoEndpoint(client)).Select(static client => $"every endpoint of '{client.Name}' is open or isolated"),
        ];
        var data = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var circuitBreaker in circuitBreakers.Concat(GetEndpointCircuitBreakers()))
        {
            data[GetUniqueName(circuitBreaker.Name, data)] = Describe(circuitBreaker);
        }

        return Task.FromResult(problems is []
            ? HealthCheckResult.Healthy($"{circuitBreakers.Length} circuit breakers let calls pass.", data)
            : new HealthCheckResult(context.Registration.FailureStatus, string.Join("; ", problems) + ".", exception: null, data));
    }

    private IReadOnlyList<ThriftClientInfo> Clients => clients?.All ?? [];

    private CircuitBreaker[] GetCircuitBreakers() =>
    [
        .. Clients.SelectMany(static client => client.CircuitBreakers)
            .Concat(others)
            .Concat(registries.SelectMany(static registry => registry.CircuitBreakers))
            .Distinct(),
    ];

    /// <summary>
    /// Single endpoints are part of the data and not of the status: with several servers, the client goes on without
    /// one of them.
    /// </summary>
    private IEnumerable<CircuitBreaker> GetEndpointCircuitBreakers()
        => Clients.SelectMany(static client => client.Channel.Endpoints).Select(static endpoint => endpoint.CircuitBreaker);

    private static bool HasNoEndpoint(ThriftClientInfo client)
        => client.Channel.Endpoints is { Count: > 0 } endpoints && endpoints.All(static endpoint => RejectsCalls(endpoint.CircuitBreaker));

    /// <summary>Two circuit breakers may have the same name, and the data must show both.</summary>
    private static string GetUniqueName(string name, Dictionary<string, object> taken)
    {
        var unique = name;
        for (var number = 2; taken.ContainsKey(unique); number++)
        {
            unique = $"{name} ({number})";
        }

        return unique;
    }

    private static bool RejectsCalls(CircuitBreaker circuitBreaker) => circuitBreaker.Mode switch
    {
        CircuitMode.Isolated => true,
        CircuitMode.Auto => circuitBreaker.State == CircuitState.Open,
        _ => false,
    };

    private static string Describe(CircuitBreaker circuitBreaker)
    {
        var mode = circuitBreaker.Mode == CircuitMode.Auto ? "" : $"{circuitBreaker.Mode.ToString().ToLowerInvariant()}, ";
        var lastFailure = circuitBreaker.LastException is { } failure ? $", the last a {failure.GetType().Name}" : "";
        return $"{mode}{CircuitNames.GetDisplayName(circuitBreaker.State)}, {circuitBreaker.FailureCount} failures{lastFailure}";
    }
}
