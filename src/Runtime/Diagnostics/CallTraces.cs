using System.Diagnostics;

namespace ThriftBreaker;

/// <summary>The activity source "ThriftBreaker".</summary>
internal static class CallTraces
{
    private static readonly ActivitySource? Source = SafeInstrument.Make(static () => new ActivitySource(new ActivitySourceOptions(TelemetryNames.Source)
    {
        Version = TelemetryNames.Version,
        TelemetrySchemaUrl = TelemetryNames.SchemaUrl,
    }));

    /// <summary>Whether anybody listens.</summary>
    public static bool IsWanted => Source?.HasListeners() == true;

    public static Activity? Start(string name, ActivityKind kind, IEnumerable<KeyValuePair<string, object?>> tags)
        => Source?.StartActivity(name, kind, parentContext: default, tags);

    /// <summary>
    /// Leaves an event on the caller's activity. Not an activity of its own: nothing was sent, and a client span without a call
    /// would count among the service's.
    /// </summary>
    public static void AddRejection(CircuitBreaker breaker)
    {
        if (!IsWanted || Activity.Current is not { IsAllDataRequested: true } caller)
        {
            return;
        }

        var tags = new ActivityTagsCollection
        {
            { TelemetryNames.Circuit, breaker.Name },
            { TelemetryNames.State, TelemetryNames.Of(breaker.State) },
            { TelemetryNames.Mode, TelemetryNames.Of(breaker.Mode) },
        };
        if (breaker.RetryAfter is { } wait)
        {
            tags.Add(TelemetryNames.RetryAfter, wait.TotalSeconds);
        }

        caller.AddEvent(new ActivityEvent(TelemetryNames.RejectedEvent, tags: tags));
    }
}
