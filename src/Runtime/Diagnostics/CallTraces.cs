using System.Diagnostics;

namespace ThriftBreaker;

/// <summary>The activity source "ThriftBreaker".</summary>
internal static class CallTraces
{
    private static readonly ActivitySource? Source = SafeInstrument.Create(static () => new ActivitySource(new ActivitySourceOptions(TelemetryNames.Source)
    {
        Version = TelemetryNames.Version,
        TelemetrySchemaUrl = TelemetryNames.SchemaUrl,
    }));

    /// <summary>Whether the source has listeners.</summary>
    public static bool IsWanted => Source?.HasListeners() == true;

    public static Activity? Start(string name, ActivityKind kind, IEnumerable<KeyValuePair<string, object?>> tags)
        => Source?.StartActivity(name, kind, parentContext: default, tags);

    /// <summary>
    /// Adds an event to the caller's activity. Not a separate activity: nothing was sent, and a client span without a
    /// call would count among those of the service.
    /// </summary>
    public static void AddRejection(CircuitBreaker breaker)
    {
        if (!IsWanted || Activity.Current is not { IsAllDataRequested: true } caller)
        {
            return;
        }

        var tags = new ActivityTagsCollection
        {
            { TelemetryNames.CircuitBreaker, breaker.Name },
            { TelemetryNames.State, CircuitNames.GetName(breaker.State) },
            { TelemetryNames.Mode, CircuitNames.GetName(breaker.Mode) },
        };
        if (breaker.RetryAfter is { } wait)
        {
            tags.Add(TelemetryNames.RetryAfter, wait.TotalSeconds);
        }

        caller.AddEvent(new ActivityEvent(TelemetryNames.RejectedEvent, tags: tags));
    }
}
