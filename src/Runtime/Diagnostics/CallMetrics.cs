using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace ThriftBreaker;

/// <summary>
/// What is measured of guarded calls: each is counted once, and those that were made are timed. The tags lie on the stack and their
/// values are strings that exist already, so that nothing is allocated beyond what the listener does.
/// </summary>
internal static class CallMetrics
{
    private const string Rejected = "rejected";
    private const string ShadowRejected = "report_only_rejected";

    private static readonly Counter<long>? Calls = TelemetryMeter.Make(static meter => meter.CreateCounter<long>(
        "thriftbreaker.calls", "{call}", "Calls through a circuit, by what they said about the service."));

    /// <summary>The buckets are those that OpenTelemetry's conventions give the duration of an RPC.</summary>
    private static readonly Histogram<double>? Duration = TelemetryMeter.Make(static meter => meter.CreateHistogram(
        "thriftbreaker.call.duration", "s", "How long calls took that a circuit let pass, from admission to verdict.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] }));

    /// <summary>The switch of the platform that turns all metrics of a process off; a constant to the compiler.</summary>
    private static readonly bool IsSupported =
        !AppContext.TryGetSwitch("System.Diagnostics.Metrics.Meter.IsSupported", out var isSupported) || isSupported;

    /// <summary>Whether anybody listens: all that a healthy call pays when nobody does.</summary>
    public static bool IsWanted
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => IsSupported && (Calls is { Enabled: true } || Duration is { Enabled: true });
    }

    /// <summary>Notes when an admitted call starts. One that shadow mode let pass is counted here: it will get no verdict.</summary>
    public static void Start(CircuitBreaker breaker, ref CallTicket ticket, ThriftMethod? method)
    {
        if (ticket.CircuitBreaker is null)
        {
            if (breaker.Mode == CircuitMode.ReportOnly)
            {
                Count(breaker, method, ShadowRejected);
            }
        }
        else if (ticket.StartedAt == 0)
        {
            try
            {
                ticket.StartedAt = breaker.StartNow();
            }
#pragma warning disable CA1031 // A clock is a guest: the call has been admitted, and goes on unmeasured.
            catch (Exception thrown)
#pragma warning restore CA1031
            {
                breaker.Report(thrown);
            }
        }
    }

    public static void CountRejection(CircuitBreaker breaker, ThriftMethod? method) => Count(breaker, method, Rejected);

    public static void Record(CircuitBreaker breaker, ThriftMethod? method, CallOutcome outcome, Exception? error, TimeSpan elapsed)
    {
        var tags = TagsOf(breaker, method, TelemetryNames.Of(outcome));
        if (error is not null)
        {
            tags.Add(TelemetryNames.ErrorType, TelemetryNames.Of(error));
        }

        try
        {
            Calls?.Add(1, tags);
            Duration?.Record(elapsed.TotalSeconds, tags);
        }
#pragma warning disable CA1031 // A listener is a guest: whatever it throws must not change the call that it measures.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            breaker.Report(thrown);
        }
    }

    private static void Count(CircuitBreaker breaker, ThriftMethod? method, string outcome)
    {
        try
        {
            Calls?.Add(1, TagsOf(breaker, method, outcome));
        }
#pragma warning disable CA1031 // As above.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            breaker.Report(thrown);
        }
    }

    private static TagList TagsOf(CircuitBreaker breaker, ThriftMethod? method, string outcome)
    {
        var tags = new TagList { { TelemetryNames.Circuit, breaker.Name }, { TelemetryNames.Outcome, outcome } };
        if (method is not null)
        {
            tags.Add(TelemetryNames.RpcSystem, TelemetryNames.Thrift);
            tags.Add(TelemetryNames.RpcMethod, method.QualifiedName);
        }

        return tags;
    }
}
