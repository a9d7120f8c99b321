using System.Diagnostics;

namespace ThriftBreaker;

/// <summary>The activity source "ThriftBreaker".</summary>
internal static class CallTraces
{
    public static ActivitySource Source { get; } = new(new ActivitySourceOptions(TelemetryNames.Source)
    {
        Version = TelemetryNames.Version,
        TelemetrySchemaUrl = TelemetryNames.SchemaUrl,
    });

    /// <summary>
    /// Leaves an event on the caller's activity. Not an activity of its own: nothing was sent, and a client span without a call
    /// would count among the service's.
    /// </summary>
    public static void AddRejection(CircuitBreaker breaker)
    {
        if (!Source.HasListeners() || Activity.Current is not { IsAllDataRequested: true } caller)
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
