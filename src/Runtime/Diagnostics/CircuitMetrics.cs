using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using static ThriftBreaker.CircuitTotals;

namespace ThriftBreaker;

/// <summary>
/// The metrics of circuit breakers. Each is read when a listener collects it, also if the listener came after the
/// circuit breaker: a counter that began with the first opening would hide that opening.
/// </summary>
internal static class CircuitMetrics
{
    static CircuitMetrics()
    {
        TelemetryMeter.Create(static meter => meter.CreateObservableCounter(
            "thriftbreaker.circuit_breaker.transitions", GetTransitions, "{transition}", "Changes of a circuit's state."));
        TelemetryMeter.Create(static meter => meter.CreateObservableCounter(
            "thriftbreaker.circuit_breaker.open.time", GetOpenTimes, "s", "Time that a circuit was open, until a call probed or a manual transition."));
        TelemetryMeter.Create(static meter => meter.CreateObservableGauge(
            "thriftbreaker.circuit_breaker.state", GetStates, "{state}", "State of each circuit: 0 closed, 1 open, 2 half-open."));
        TelemetryMeter.Create(static meter => meter.CreateObservableGauge(
            "thriftbreaker.circuit_breaker.failures", GetFailures, "{failure}", "Consecutive failures of each circuit."));
    }

    /// <summary>Measures a circuit breaker from now on.</summary>
    public static void Observe(CircuitBreaker circuitBreaker) => CircuitTotals.Observe(circuitBreaker);

    private static IEnumerable<Measurement<int>> GetStates()
    {
        foreach (var circuitBreaker in CircuitBreakerInstances.All)
        {
            // Listeners collect this gauge and the calls at the same time.
            CallMetrics.StartAtZero(circuitBreaker);
            yield return new Measurement<int>(
                (int)circuitBreaker.State,
                GetNameTag(circuitBreaker.Name),
                new KeyValuePair<string, object?>(TelemetryNames.Mode, CircuitNames.GetName(circuitBreaker.Mode)));
        }
    }

    private static IEnumerable<Measurement<int>> GetFailures()
        => CircuitBreakerInstances.All.Select(static circuitBreaker => new Measurement<int>(circuitBreaker.FailureCount, GetNameTag(circuitBreaker.Name)));

    private static IEnumerable<Measurement<double>> GetOpenTimes()
        => CircuitBreakerInstances.All.Select(static circuitBreaker => circuitBreaker.Name).Distinct(StringComparer.Ordinal)
            .Select(static name => new Measurement<double>(CircuitTotals.Get(name).OpenTime.TotalSeconds, GetNameTag(name)));

    private static IEnumerable<Measurement<long>> GetTransitions()
        => from circuitBreaker in CircuitBreakerInstances.All
           group circuitBreaker by circuitBreaker.Name into sameName
           from transition in CircuitTotals.Get(sameName.Key).GetTransitions(sameName.SelectMany(static circuitBreaker => GetPossible(circuitBreaker.Options)))
           select new Measurement<long>(
               transition.Value,
               GetNameTag(sameName.Key),
               new(TelemetryNames.From, CircuitNames.GetName(transition.Key.From)),
               new(TelemetryNames.To, CircuitNames.GetName(transition.Key.To)),
               new(TelemetryNames.Reason, CircuitNames.GetName(transition.Key.Reason)));

    /// <summary>
    /// Gets the transitions that start at zero: those that the settings can cause, and opening and closing manually.
    /// Other manual ones are rare, and listeners limit the number of time series.
    /// </summary>
    private static IEnumerable<Transition> GetPossible(CircuitBreakerOptions options)
    {
        yield return new(CircuitState.Closed, CircuitState.Open, CircuitStateChangeReason.FailMaxReached);
        yield return new(CircuitState.Closed, CircuitState.Open, CircuitStateChangeReason.Manual);
        yield return new(CircuitState.Open, CircuitState.HalfOpen, CircuitStateChangeReason.ResetTimeoutPassed);
        yield return new(CircuitState.Open, CircuitState.Closed, CircuitStateChangeReason.Manual);
        yield return new(CircuitState.HalfOpen, CircuitState.Open, CircuitStateChangeReason.ProbeFailed);
        yield return new(CircuitState.HalfOpen, CircuitState.Open, CircuitStateChangeReason.ProbeTimedOut);
        yield return new(CircuitState.HalfOpen, CircuitState.Closed, CircuitStateChangeReason.ProbesSucceeded);
        if (options.FailureRatio is not null)
        {
            yield return new(CircuitState.Closed, CircuitState.Open, CircuitStateChangeReason.FailureRatioReached);
        }

        if (options.SlowCallRatio is not null)
        {
            yield return new(CircuitState.Closed, CircuitState.Open, CircuitStateChangeReason.SlowCallRatioReached);
        }
    }

    private static KeyValuePair<string, object?> GetNameTag(string name) => new(TelemetryNames.CircuitBreaker, name);
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
