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

    /// <summary>
    /// The methods whose calls a circuit breaker counts. They are not known for a circuit breaker without an entry.
    /// </summary>
    private static readonly ConditionalWeakTable<CircuitBreaker, ThriftMethod[]> Methods = [];

    private static readonly ThriftMethod?[] UnknownMethod = [null];

    /// <summary>Whether a listener is enabled: the only cost of a healthy call without one.</summary>
    public static bool IsWanted
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => IsSupported && (Calls is { Enabled: true } || Duration is { Enabled: true });
    }

    /// <summary>
    /// Adds the methods whose calls a circuit breaker counts, and starts their counts at zero; no methods for a circuit
    /// breaker whose calls another one counts.
    /// </summary>
    /// <param name="circuitBreaker">The circuit breaker.</param>
    /// <param name="methods">The methods of a service.</param>
    /// <param name="circuitBreakerIndex">The methods with this index belong to the circuit breaker.</param>
    public static void AddMethods(CircuitBreaker circuitBreaker, ThriftMethod[] methods, int circuitBreakerIndex)
    {
        // Costs little for clients that are created for each request, over the same circuit breaker.
        var first = Array.FindIndex(methods, method => method.CircuitBreakerIndex == circuitBreakerIndex);
        if (Methods.TryGetValue(circuitBreaker, out var known) && (first < 0 || Array.IndexOf(known, methods[first]) >= 0))
        {
            return;
        }

        lock (Methods)
        {
            _ = Methods.TryGetValue(circuitBreaker, out known);
            Methods.AddOrUpdate(circuitBreaker, [.. (known ?? []).Union(methods.Where(method => method.CircuitBreakerIndex == circuitBreakerIndex))]);
        }

        StartAtZero(circuitBreaker);
    }

    /// <summary>
    /// Adds zero to the counts of rejected calls. A time series that begins with the first rejections hides them:
    /// monitoring systems show the increase from its first value on.
    /// </summary>
    public static void StartAtZero(CircuitBreaker circuitBreaker)
    {
        if (Calls is not { Enabled: true })
        {
            return;
        }

        foreach (var method in Methods.TryGetValue(circuitBreaker, out var known) ? known : UnknownMethod)
        {
            Count(circuitBreaker, method, Rejected, calls: 0);
            if (circuitBreaker.Mode == CircuitMode.ReportOnly)
            {
                Count(circuitBreaker, method, ReportOnlyRejected, calls: 0);
            }
        }
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

    private static void Count(CircuitBreaker breaker, ThriftMethod? method, string outcome, int calls = 1)
        => UserCallback.TryInvoke(
            (breaker, method, outcome, calls), static count => Calls?.Add(count.calls, CreateTags(count.breaker, count.method, count.outcome)), breaker.Report);

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
