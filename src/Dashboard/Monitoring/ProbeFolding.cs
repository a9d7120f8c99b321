using static ThriftBreaker.CircuitNames;

namespace ThriftBreaker.Dashboard.Monitoring;

/// <summary>
/// Folds consecutive failed probes into one transition. A circuit breaker that probes for an hour would otherwise
/// remove its opening from the history.
/// </summary>
internal static class ProbeFolding
{
    /// <summary>The most types of failures that a transition names.</summary>
    private const int MaxFailures = 3;

    /// <summary>
    /// Returns the transition that represents both the last one and this change; null if they are not of the same
    /// consecutive probes.
    /// </summary>
    /// <param name="last">The last transition of the circuit breaker.</param>
    /// <param name="change">The change that follows it.</param>
    /// <param name="next">The change as a transition of its own.</param>
    public static Transition? Fold(Transition last, CircuitStateChangedEventArgs change, Transition next)
    {
        // A change with a lower generation lost a race: it happened before the last one.
        var (open, probing) = (GetDisplayName(CircuitState.Open), GetDisplayName(CircuitStateChangeReason.ResetTimeoutPassed));
        if (last.From != open || last.To != next.From || last.Generation > next.Generation)
        {
            return null;
        }

        var both = next with { First = last.First, FirstAt = last.FirstAt, From = last.From };
        return change.Reason switch
        {
            CircuitStateChangeReason.ResetTimeoutPassed when last.FailedProbes > 0
                => both with { Failure = last.Failure, FailedProbes = last.FailedProbes },
            CircuitStateChangeReason.ProbeFailed or CircuitStateChangeReason.ProbeTimedOut
                when last.FailedProbes > 0 || last.Reason == probing
                => both with { Failure = AddType(last.Failure, next.Failure), FailedProbes = last.FailedProbes + 1 },
            _ => null,
        };
    }

    private static string? AddType(string? failures, string? failure)
        => failures is null ? failure
            : failure is null || failures.Split(", ") is { Length: MaxFailures } ? failures
            : failures.Split(", ").Contains(failure) ? failures
            : $"{failures}, {failure}";
}
