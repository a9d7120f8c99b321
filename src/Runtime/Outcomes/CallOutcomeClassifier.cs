namespace ThriftBreaker;

/// <summary>
/// The verdict on a call: the user's classifier first, then the user's lists, then <see cref="OutcomeRules"/>. What a classifier or a
/// predicate throws is reported, and the call counts as a failure: a rule that is broken must not hide an outage.
/// </summary>
internal static class CallOutcomeClassifier
{
    public static CallOutcome OfReturn<T>(CircuitBreaker breaker, TimeSpan elapsed, ThriftMethod? method, T result)
        => breaker.Options.OutcomeClassifier is { } classify && Ask(breaker, classify, elapsed, method, result, error: null) is { } opinion
            ? opinion
            : OutcomeRules.OfReturn(method);

    public static CallOutcome OfException(
        CircuitBreaker breaker, TimeSpan elapsed, Exception error, ThriftMethod? method, CancellationToken callerToken)
    {
        var options = breaker.Options;
        if (options.OutcomeClassifier is { } classify && Ask(breaker, classify, elapsed, method, result: null, error) is { } opinion)
        {
            return opinion;
        }

        // Another circuit further down rejected the call: a chain of breakers must not open one after the other. Where it gives its trip
        // in the place of the service's error, that error counts.
        while (error is CircuitOpenException inner)
        {
            if (inner is not { IsTrip: true, InnerException: { } own })
            {
                return CallOutcome.Ignored;
            }

            error = own;
        }

        if (Listed(breaker, options, error) is { } listed)
        {
            return listed;
        }

        var outcome = OutcomeRules.OfException(error, method, callerToken);
        return outcome == CallOutcome.Cancelled && elapsed >= options.CancelledCountsAsFailureAfter
            ? CallOutcome.Failure
            : outcome;
    }

    private static CallOutcome? Listed(CircuitBreaker breaker, CircuitBreakerOptions options, Exception error)
    {
        try
        {
            return Holds(options.FailOn, error) ? CallOutcome.Failure
                : Holds(options.Exclude, error) || options.ExcludeWhen?.Invoke(error) == true ? CallOutcome.Success
                : Holds(options.Ignore, error) || options.IgnoreWhen?.Invoke(error) == true ? CallOutcome.Ignored
                : null;
        }
#pragma warning disable CA1031 // A predicate is a guest: whatever it throws must not change what the caller gets.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            breaker.Report(thrown);
            return CallOutcome.Failure;
        }
    }

    private static CallOutcome? Ask(
        CircuitBreaker breaker, Func<CallResult, CallOutcome?> classify, TimeSpan elapsed, ThriftMethod? method, object? result, Exception? error)
    {
        try
        {
            return classify(new CallResult(method?.Name ?? "", result, error, elapsed));
        }
#pragma warning disable CA1031 // A classifier is a guest: whatever it throws must not change what the caller gets.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            breaker.Report(thrown);
            return CallOutcome.Failure;
        }
    }

    private static bool Holds(IReadOnlyList<Type> types, Exception error)
    {
        // By index: the lists are mostly empty, and a failure should not allocate an enumerator to find that out.
        for (var index = 0; index < types.Count; index++)
        {
            if (types[index].IsInstanceOfType(error))
            {
                return true;
            }
        }

        return false;
    }
}
