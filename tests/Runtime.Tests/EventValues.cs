namespace ThriftBreaker.Runtime.Tests;

/// <summary>The values of event data as tuples, which tests can compare.</summary>
internal static class EventValues
{
    public static (string Name, CallOutcome Outcome, TimeSpan Elapsed, Exception? Failure, bool WasProbe) ToValues(this CallCompletedEventArgs call)
        => (call.CircuitBreakerName, call.Outcome, call.Elapsed, call.Exception, call.WasProbe);

    public static (string Name, CircuitState State, CircuitMode Mode, TimeSpan? RetryAfter) ToValues(this CallRejectedEventArgs rejection)
        => (rejection.CircuitBreakerName, rejection.State, rejection.Mode, rejection.RetryAfter);

    public static (string Name, CircuitState From, CircuitState To, CircuitStateChangeReason Reason, long Generation, int Attempt, Exception? Failure, TimeSpan TimeInPreviousState)
        ToValues(this CircuitStateChangedEventArgs change)
        => (change.CircuitBreakerName, change.From, change.To, change.Reason, change.Generation, change.Attempt, change.Exception, change.TimeInPreviousState);
}
