namespace ThriftBreaker;

// What an outcome says, where the user knows better than the rules.
public sealed partial record CircuitBreakerOptions
{
    /// <summary>Types of exceptions, subclasses included, that count as a success; default none. (pybreaker's meaning of "exclude".)</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="ArgumentException">A type is null or no exception.</exception>
    public IReadOnlyList<Type> Exclude
    {
        get;
        init => field = Exceptions(value);
    } = [];

    /// <summary>Types of exceptions, subclasses included, that count as nothing; default none.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="ArgumentException">A type is null or no exception.</exception>
    public IReadOnlyList<Type> Ignore
    {
        get;
        init => field = Exceptions(value);
    } = [];

    /// <summary>
    /// Types of exceptions, subclasses included, that count as a failure although the contract declares them; default none.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="ArgumentException">A type is null or no exception.</exception>
    public IReadOnlyList<Type> FailOn
    {
        get;
        init => field = Exceptions(value);
    } = [];

    /// <summary>Which exceptions count as a success, besides <see cref="Exclude"/>; default null. One that throws counts as a failure.</summary>
    public Func<Exception, bool>? ExcludeWhen { get; init; }

    /// <summary>Which exceptions count as nothing, besides <see cref="Ignore"/>; default null. One that throws counts as a failure.</summary>
    public Func<Exception, bool>? IgnoreWhen { get; init; }

    /// <summary>
    /// Judges the end of each call before all rules; null is no opinion. Default null. Many services report a failure in their result:
    /// this is the place to say so. It must be quick and thread-safe; one that throws counts as a failure.
    /// </summary>
    public Func<CallResult, CallOutcome?>? OutcomeClassifier { get; init; }

    /// <summary>
    /// From which duration on a call that its caller cancelled counts as a failure: greater than zero; default null, which
    /// means never. For callers that implement their timeouts by cancelling: without it a server that hangs goes unnoticed.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public TimeSpan? CancelledCountsAsFailureAfter
    {
        get;
        init => field = value is { } duration ? Positive(duration) : null;
    }

    private static Type[] Exceptions(IReadOnlyList<Type> types, [System.Runtime.CompilerServices.CallerMemberName] string setting = "")
    {
        ArgumentNullException.ThrowIfNull(types, setting);
        return types.All(static type => type is not null && type.IsAssignableTo(typeof(Exception)))
            ? [.. types]
            : throw new ArgumentException($"{setting} must hold types of exceptions.", setting);
    }
}
