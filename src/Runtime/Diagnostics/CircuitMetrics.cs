using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace ThriftBreaker;

/// <summary>
/// The metrics of circuit breakers: their states when they are collected, their transitions when they happen.
/// </summary>
internal static class CircuitMetrics
{
    private static readonly Counter<long>? Transitions = TelemetryMeter.Create(static meter => meter.CreateCounter<long>(
        "thriftbreaker.circuit_breaker.transitions", "{transition}", "Changes of a circuit's state."));

    private static readonly Histogram<double>? OpenTime = TelemetryMeter.Create(static meter => meter.CreateHistogram(
        "thriftbreaker.circuit_breaker.open.duration", "s", "Time that a circuit was open, until a call probed or a manual transition.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600] }));

    /// <summary>
    /// One handler for all circuit breakers. It is static: a circuit breaker references it, and it references none.
    /// </summary>
    private static readonly EventHandler<CircuitStateChangedEventArgs> StateChanged = static (_, change) => Record(change);

    static CircuitMetrics()
    {
        TelemetryMeter.Create(static meter => meter.CreateObservableGauge(
            "thriftbreaker.circuit_breaker.state", GetStates, "{state}", "State of each circuit: 0 closed, 1 open, 2 half-open."));
        TelemetryMeter.Create(static meter => meter.CreateObservableGauge(
            "thriftbreaker.circuit_breaker.failures", GetFailures, "{failure}", "Consecutive failures of each circuit."));
    }

    /// <summary>Measures a circuit breaker from now on.</summary>
    public static void Observe(CircuitBreaker breaker) => breaker.StateChanged += StateChanged;

    private static IEnumerable<Measurement<int>> GetStates() => CircuitBreakerInstances.All.Select(static breaker => new Measurement<int>(
        (int)breaker.State,
        new KeyValuePair<string, object?>(TelemetryNames.CircuitBreaker, breaker.Name),
        new KeyValuePair<string, object?>(TelemetryNames.Mode, CircuitNames.GetName(breaker.Mode))));

    private static IEnumerable<Measurement<int>> GetFailures() => CircuitBreakerInstances.All.Select(static breaker => new Measurement<int>(
        breaker.FailureCount, new KeyValuePair<string, object?>(TelemetryNames.CircuitBreaker, breaker.Name)));

    private static void Record(CircuitStateChangedEventArgs change)
    {
        if (Transitions is { Enabled: true })
        {
            var tags = new TagList
            {
                { TelemetryNames.CircuitBreaker, change.CircuitBreakerName },
                { TelemetryNames.From, CircuitNames.GetName(change.From) },
                { TelemetryNames.To, CircuitNames.GetName(change.To) },
                { TelemetryNames.Reason, CircuitNames.GetName(change.Reason) },
            };
            Transitions.Add(1, tags);
        }

        if (change.From == CircuitState.Open)
        {
            OpenTime?.Record(change.TimeInPreviousState.TotalSeconds, new KeyValuePair<string, object?>(TelemetryNames.CircuitBreaker, change.CircuitBreakerName));
        }
    }
}

/// <summary>Connects the metrics to the circuit breakers of the process, which do not know of metrics.</summary>
internal static class CircuitMetricsStartup
{
    /// <summary>
    /// Runs before the first circuit breaker is created. A separate class: the instruments are created with the first
    /// circuit breaker, not when the assembly is loaded.
    /// </summary>
#pragma warning disable CA2255 // No other code runs in every process before the first circuit breaker.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Start() => CircuitBreakerInstances.Created += static (_, breaker) => CircuitMetrics.Observe(breaker);
}
