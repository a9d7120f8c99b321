using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ThriftBreaker;

/// <summary>What is measured of circuits: their state when somebody collects, their transitions when they happen.</summary>
internal static class CircuitMetrics
{
    /// <summary>The one handler of all circuits: static, so that a circuit holds it and it holds no circuit.</summary>
    public static readonly EventHandler<CircuitStateChangedEventArgs> StateChanged = static (_, change) => Record(change);

    private static readonly Counter<long>? Transitions = TelemetryMeter.Make(static meter => meter.CreateCounter<long>(
        "thriftbreaker.circuit_breaker.transitions", "{transition}", "Changes of a circuit's state."));

    private static readonly Histogram<double>? OpenDuration = TelemetryMeter.Make(static meter => meter.CreateHistogram(
        "thriftbreaker.circuit_breaker.open.duration", "s", "How long a circuit was open, until it let a call probe or was steered by hand.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600] }));

    static CircuitMetrics()
    {
        TelemetryMeter.Make(static meter => meter.CreateObservableGauge(
            "thriftbreaker.circuit_breaker.state", States, "{state}", "The state of each circuit: 0 closed, 1 open, 2 half-open."));
        TelemetryMeter.Make(static meter => meter.CreateObservableGauge(
            "thriftbreaker.circuit_breaker.failures", Failures, "{failure}", "Failures of each circuit since its last success."));
    }

    private static IEnumerable<Measurement<int>> States() => CircuitBreakerInstances.All.Select(static circuit => new Measurement<int>(
        (int)circuit.State,
        new KeyValuePair<string, object?>(TelemetryNames.Circuit, circuit.Name),
        new KeyValuePair<string, object?>(TelemetryNames.Mode, TelemetryNames.Of(circuit.Mode))));

    private static IEnumerable<Measurement<int>> Failures() => CircuitBreakerInstances.All.Select(static circuit => new Measurement<int>(
        circuit.FailureCount, new KeyValuePair<string, object?>(TelemetryNames.Circuit, circuit.Name)));

    private static void Record(CircuitStateChangedEventArgs change)
    {
        if (Transitions is { Enabled: true })
        {
            var tags = new TagList
            {
                { TelemetryNames.Circuit, change.CircuitBreakerName },
                { TelemetryNames.From, TelemetryNames.Of(change.From) },
                { TelemetryNames.To, TelemetryNames.Of(change.To) },
                { TelemetryNames.Reason, TelemetryNames.Of(change.Reason) },
            };
            Transitions.Add(1, tags);
        }

        if (change.From == CircuitState.Open)
        {
            OpenDuration?.Record(change.TimeInPreviousState.TotalSeconds, new KeyValuePair<string, object?>(TelemetryNames.Circuit, change.CircuitBreakerName));
        }
    }
}
