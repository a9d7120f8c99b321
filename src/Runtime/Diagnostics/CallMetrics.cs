using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace ThriftBreaker;

/// <summary>
/// The metrics of protected calls: each call is counted once, and calls that were made are timed. Tags are on the stack
/// and their values are existing strings, so that only the listener allocates.
/// </summary>
internal static class CallMetrics
{
    private const string Rejected = "rejected";
    private const string ReportOnlyRejected = "report_only_rejected";

    private static readonly Counter<long>? Calls = TelemetryMeter.Create(static meter => meter.CreateCounter<long>(
        "thriftbreaker.calls", "{call}", "Calls through a circuit breaker, by outcome."));

    /// <summary>The buckets are those of OpenTelemetry's conventions for the duration of an RPC.</summary>
    private static readonly Histogram<double>? Duration = TelemetryMeter.Create(static meter => meter.CreateHistogram(
        "thriftbreaker.call.duration", "s", "Duration of admitted calls, from admission to outcome.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] }));

    /// <summary>
    /// The switch of the platform that turns off all metrics of a process; a constant for the JIT compiler.
    /// </summary>
    private static readonly bool IsSupported =
        !AppContext.TryGetSwitch("System.Diagnostics.Metrics.Meter.IsSupported", out var isSupported) || isSupported;

    /// <summary>Whether a listener is enabled: the only cost of a healthy call without one.</summary>
    public static bool IsWanted
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => IsSupported && (Calls is { Enabled: true } || Duration is { Enabled: true });
    }

    /// <summary>
    /// Notes the start of an admitted call. One that the mode ReportOnly let pass is counted here: it gets no outcome.
    /// </summary>
    public static void Start(CircuitBreaker breaker, ref CallTicket ticket, ThriftMethod? method)
    {
        if (ticket.CircuitBreaker is null)
        {
            // Part of a probe is not a call of its own.
            if (breaker.Mode == CircuitMode.ReportOnly && !ticket.IsProbe)
            {
                Count(breaker, method, ReportOnlyRejected);
            }
        }
        else if (ticket.StartedAt == 0)
        {
            // If the clock throws, the call, which has been admitted, is not measured.
            ticket.StartedAt = UserCallback.Invoke(breaker, static breaker => breaker.StartNow(), fallback: 0, breaker.Report);
        }
    }

    public static void CountRejection(CircuitBreaker breaker, ThriftMethod? method) => Count(breaker, method, Rejected);

    public static void Record(CircuitBreaker breaker, ThriftMethod? method, CallOutcome outcome, Exception? error, TimeSpan elapsed)
        => UserCallback.TryInvoke(
            (breaker, method, outcome, error, elapsed),
            static call =>
            {
                var tags = CreateTags(call.breaker, call.method, CircuitNames.GetName(call.outcome));
                if (call.error is not null)
                {
                    tags.Add(TelemetryNames.ErrorType, TelemetryNames.GetErrorType(call.error));
                }

                Calls?.Add(1, tags);
                Duration?.Record(call.elapsed.TotalSeconds, tags);
            },
            breaker.Report);

    private static void Count(CircuitBreaker breaker, ThriftMethod? method, string outcome)
        => UserCallback.TryInvoke(
            (breaker, method, outcome), static call => Calls?.Add(1, CreateTags(call.breaker, call.method, call.outcome)), breaker.Report);

    private static TagList CreateTags(CircuitBreaker breaker, ThriftMethod? method, string outcome)
    {
        var tags = new TagList { { TelemetryNames.CircuitBreaker, breaker.Name }, { TelemetryNames.Outcome, outcome } };
        if (method is not null)
        {
            tags.Add(TelemetryNames.RpcSystem, TelemetryNames.Thrift);
            tags.Add(TelemetryNames.RpcMethod, method.QualifiedName);
        }

        return tags;
    }
}
