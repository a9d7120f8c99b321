using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ThriftBreaker.Hosting.Health;

/// <summary>Says which circuits do not let calls pass. Asks nobody, calls nothing: it reads what the circuits know.</summary>
internal sealed class ThriftBreakersHealthCheck(IThriftClientRegistry? clients, IEnumerable<CircuitBreaker> others, IEnumerable<CircuitBreakerRegistry> registries) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var watched = Watched();
        string[] troubles =
        [
            .. watched.Where(static circuit => IsDown(circuit)).Select(static circuit => $"'{circuit.Name}' is {Condition(circuit)}"),
            .. Clients.Where(static client => IsCutOff(client)).Select(static client => $"every endpoint of '{client.Name}' is open or isolated"),
        ];
        var data = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var circuit in watched.Concat(Endpoints()))
        {
            data[Unique(circuit.Name, data)] = Condition(circuit);
        }

        return Task.FromResult(troubles is []
            ? HealthCheckResult.Healthy($"{watched.Length} circuits let calls pass.", data)
            : new HealthCheckResult(context.Registration.FailureStatus, string.Join("; ", troubles) + ".", exception: null, data));
    }

    private IReadOnlyList<ThriftClientInfo> Clients => clients?.All ?? [];

    private CircuitBreaker[] Watched() =>
    [
        .. Clients.SelectMany(static client => client.CircuitBreakers)
            .Concat(others)
            .Concat(registries.SelectMany(static registry => registry.CircuitBreakers))
            .Distinct(),
    ];

    /// <summary>They are told and, each by itself, not judged: that one of several servers is passed over is what several servers are for.</summary>
    private IEnumerable<CircuitBreaker> Endpoints()
        => Clients.SelectMany(static client => client.Channel.Endpoints).Select(static endpoint => endpoint.CircuitBreaker);

    private static bool IsCutOff(ThriftClientInfo client) => client.Channel.Endpoints is { Count: > 0 } endpoints && endpoints.All(static endpoint => IsDown(endpoint.CircuitBreaker));

    /// <summary>Names may be given twice, and none may hide the other.</summary>
    private static string Unique(string name, Dictionary<string, object> taken)
    {
        var unique = name;
        for (var number = 2; taken.ContainsKey(unique); number++)
        {
            unique = $"{name} ({number})";
        }

        return unique;
    }

    private static bool IsDown(CircuitBreaker circuit) => circuit.Mode switch
    {
        CircuitMode.Isolated => true,
        CircuitMode.Auto => circuit.State == CircuitState.Open,
        _ => false,
    };

    private static string Condition(CircuitBreaker circuit)
        => $"{(circuit.Mode == CircuitMode.Auto ? "" : circuit.Mode.ToString().ToLowerInvariant() + ", ")}{State(circuit.State)}, {circuit.FailureCount} failures{(circuit.LastFailure is { } failure ? $", the last a {failure.GetType().Name}" : "")}";

    private static string State(CircuitState state) => state switch
    {
        CircuitState.Closed => "closed",
        CircuitState.Open => "open",
        _ => "half-open",
    };
}
