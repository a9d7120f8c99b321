namespace ThriftBreaker;

/// <summary>
/// Determines the outcome of a call: the user's classifier first, then the user's lists, then
/// <see cref="OutcomeRules"/>. What a classifier or a predicate throws is reported, and the call counts as a failure: a
/// broken rule must not hide an outage.
/// </summary>
internal static class CallOutcomeClassifier
{
    public static CallOutcome ClassifyResult<T>(CircuitBreaker breaker, TimeSpan elapsed, ThriftMethod? method, T result)
        => breaker.Options.OutcomeClassifier is { } classifier && Classify(breaker, classifier, elapsed, method, result, error: null) is { } outcome
            ? outcome
            : OutcomeRules.ClassifyResult(method);

    public static CallOutcome ClassifyException(
        CircuitBreaker breaker, TimeSpan elapsed, Exception error, ThriftMethod? method, CancellationToken callerToken)
    {
        var options = breaker.Options;
        if (options.OutcomeClassifier is { } classifier && Classify(breaker, classifier, elapsed, method, result: null, error) is { } classified)
        {
            return classified;
        }

        // Another circuit breaker further down rejected the call: a chain of them must not open one after the other. If
        // it threw in place of the service's error, because that error opened it, the service's error counts.
        while (error is CircuitOpenException inner)
        {
            if (inner is not { IsTrip: true, InnerException: { } original })
            {
                return CallOutcome.Ignored;
            }

            error = original;
        }

        if (FindListed(breaker, options, error) is { } listed)
        {
            return listed;
        }

        var outcome = OutcomeRules.ClassifyException(error, method, callerToken);
        return outcome == CallOutcome.Cancelled && elapsed >= options.CancelledCountsAsFailureAfter
            ? CallOutcome.Failure
            : outcome;
    }

    private static CallOutcome? FindListed(CircuitBreaker breaker, CircuitBreakerOptions options, Exception error) => UserCallback.Invoke<(CircuitBreakerOptions, Exception), CallOutcome?>(
        (options, error),
        static state =>
        {
            var (options, error) = state;
            return Contains(options.FailOn, error) ? CallOutcome.Failure
                : Contains(options.Exclude, error) || options.ExcludeWhen?.Invoke(error) == true ? CallOutcome.Success
                : Contains(options.Ignore, error) || options.IgnoreWhen?.Invoke(error) == true ? CallOutcome.Ignored
                : null;
        },
        fallback: CallOutcome.Failure,
        breaker.Report);

    private static CallOutcome? Classify(
        CircuitBreaker breaker, Func<CallResult, CallOutcome?> classifier, TimeSpan elapsed, ThriftMethod? method, object? result, Exception? error)
        => UserCallback.Invoke(new CallResult(method?.Name ?? "", result, error, elapsed), classifier, fallback: CallOutcome.Failure, breaker.Report);

    private static bool Contains(IReadOnlyList<Type> types, Exception error)
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
