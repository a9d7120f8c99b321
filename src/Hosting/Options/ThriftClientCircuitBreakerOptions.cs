namespace ThriftBreaker.Hosting;

/// <summary>
/// Represents the settings of a client's circuit breaker, with a setter for each setting of
/// <see cref="CircuitBreakerOptions"/>. A value out of range throws where it is assigned. Not thread-safe.
/// </summary>
/// <remarks>
/// Options actions assign single settings, and a circuit breaker in use replaces all of its settings at once. This
/// class is for the former, <see cref="CircuitBreakerOptions"/> for the latter; ranges and defaults are defined there
/// only.
/// </remarks>
public sealed class ThriftClientCircuitBreakerOptions
{
    private readonly CircuitBreakerOptions _initial;

    /// <summary>
    /// The assignments in their order. The options of a method apply them to the method's attribute, which is known
    /// later than they are.
    /// </summary>
    private readonly List<Func<CircuitBreakerOptions, CircuitBreakerOptions>> _assignments = [];

    /// <summary>The options of methods, to which the assignments of the service's options apply too.</summary>
    private readonly List<ThriftClientCircuitBreakerOptions> _methods = [];

    private Evaluation _evaluation;

    internal ThriftClientCircuitBreakerOptions(CircuitBreakerOptions initial) => (_initial, _evaluation) = (initial, new Evaluation(initial, 0));

    /// <summary>
    /// Gets the name of the circuit breaker: the client's name, followed by a dot and the method's name where it
    /// protects a single method.
    /// </summary>
    public string Name => _evaluation.Value.Name;

    /// <inheritdoc cref="CircuitBreakerOptions.FailMax"/>
    public int FailMax
    {
        get => Value.FailMax;
        set => Assign(options => options with { FailMax = value });
    }

    /// <inheritdoc cref="CircuitBreakerOptions.ResetTimeout"/>
    public TimeSpan ResetTimeout
    {
        get => Value.ResetTimeout;
        set => Assign(options => options with { ResetTimeout = value });
    }

    /// <inheritdoc cref="CircuitBreakerOptions.SuccessThreshold"/>
    public int SuccessThreshold
    {
        get => Value.SuccessThreshold;
        set => Assign(options => options with { SuccessThreshold = value });
    }

    /// <inheritdoc cref="CircuitBreakerOptions.MaxProbes"/>
    public int MaxProbes
    {
        get => Value.MaxProbes;
        set => Assign(options => options with { MaxProbes = value });
    }

    /// <inheritdoc cref="CircuitBreakerOptions.ProbeTimeout"/>
    public TimeSpan? ProbeTimeout
    {
        get => Value.ProbeTimeout;
        set => Assign(options => options with { ProbeTimeout = value });
    }

    /// <inheritdoc cref="CircuitBreakerOptions.ThrowOnTrip"/>
    public bool ThrowOnTrip
    {
        get => Value.ThrowOnTrip;
        set => Assign(options => options with { ThrowOnTrip = value });
    }

    /// <inheritdoc cref="CircuitBreakerOptions.Mode"/>
    public CircuitMode Mode
    {
        get => Value.Mode;
        set => Assign(options => options with { Mode = value });
    }

    /// <inheritdoc cref="CircuitBreakerOptions.FailureRatio"/>
    public double? FailureRatio
    {
        get => Value.FailureRatio;
        set => Assign(options => options with { FailureRatio = value });
    }

    /// <inheritdoc cref="CircuitBreakerOptions.SlowCallDuration"/>
    public TimeSpan? SlowCallDuration
    {
        get => Value.SlowCallDuration;
        set => Assign(options => options with { SlowCallDuration = value });
    }

    /// <inheritdoc cref="CircuitBreakerOptions.SlowCallRatio"/>
    public double? SlowCallRatio
    {
        get => Value.SlowCallRatio;
        set => Assign(options => options with { SlowCallRatio = value });
    }

    /// <inheritdoc cref="CircuitBreakerOptions.SamplingDuration"/>
    public TimeSpan SamplingDuration
    {
        get => Value.SamplingDuration;
        set => Assign(options => options with { SamplingDuration = value });
    }

    /// <inheritdoc cref="CircuitBreakerOptions.MinimumThroughput"/>
    public int? MinimumThroughput
    {
        get => Value.MinimumThroughput;
        set => Assign(options => options with { MinimumThroughput = value });
    }

    /// <inheritdoc cref="CircuitBreakerOptions.SamplingCalls"/>
    public int? SamplingCalls
    {
        get => Value.SamplingCalls;
        set => Assign(options => options with { SamplingCalls = value });
    }

    /// <inheritdoc cref="CircuitBreakerOptions.BackoffMultiplier"/>
    public double BackoffMultiplier
    {
        get => Value.BackoffMultiplier;
        set => Assign(options => options with { BackoffMultiplier = value });
    }

    /// <inheritdoc cref="CircuitBreakerOptions.MaxResetTimeout"/>
    public TimeSpan? MaxResetTimeout
    {
        get => Value.MaxResetTimeout;
        set => Assign(options => options with { MaxResetTimeout = value });
    }

    /// <inheritdoc cref="CircuitBreakerOptions.Jitter"/>
    public double Jitter
    {
        get => Value.Jitter;
        set => Assign(options => options with { Jitter = value });
    }

    /// <inheritdoc cref="CircuitBreakerOptions.ResetTimeoutGenerator"/>
    public Func<int, Exception?, TimeSpan>? ResetTimeoutGenerator
    {
        get => Value.ResetTimeoutGenerator;
        set => Assign(options => options with { ResetTimeoutGenerator = value });
    }

    /// <inheritdoc cref="CircuitBreakerOptions.Exclude"/>
    public IReadOnlyList<Type> Exclude
    {
        get => Value.Exclude;
        set => Assign(options => options with { Exclude = value });
    }

    /// <inheritdoc cref="CircuitBreakerOptions.ExcludeWhen"/>
    public Func<Exception, bool>? ExcludeWhen
    {
        get => Value.ExcludeWhen;
        set => Assign(options => options with { ExcludeWhen = value });
    }

    /// <inheritdoc cref="CircuitBreakerOptions.Ignore"/>
    public IReadOnlyList<Type> Ignore
    {
        get => Value.Ignore;
        set => Assign(options => options with { Ignore = value });
    }

    /// <inheritdoc cref="CircuitBreakerOptions.IgnoreWhen"/>
    public Func<Exception, bool>? IgnoreWhen
    {
        get => Value.IgnoreWhen;
        set => Assign(options => options with { IgnoreWhen = value });
    }

    /// <inheritdoc cref="CircuitBreakerOptions.FailOn"/>
    public IReadOnlyList<Type> FailOn
    {
        get => Value.FailOn;
        set => Assign(options => options with { FailOn = value });
    }

    /// <inheritdoc cref="CircuitBreakerOptions.OutcomeClassifier"/>
    public Func<CallResult, CallOutcome?>? OutcomeClassifier
    {
        get => Value.OutcomeClassifier;
        set => Assign(options => options with { OutcomeClassifier = value });
    }

    /// <inheritdoc cref="CircuitBreakerOptions.CancelledCountsAsFailureAfter"/>
    public TimeSpan? CancelledCountsAsFailureAfter
    {
        get => Value.CancelledCountsAsFailureAfter;
        set => Assign(options => options with { CancelledCountsAsFailureAfter = value });
    }

    /// <inheritdoc cref="CircuitBreakerOptions.TimeProvider"/>
    public TimeProvider TimeProvider
    {
        get => Value.TimeProvider;
        set => Assign(options => options with { TimeProvider = value });
    }

    /// <summary>
    /// Gets the settings as a circuit breaker takes them. The first read after an assignment applies it: actions of the
    /// user run only for a circuit breaker that exists, or whose settings are read.
    /// </summary>
    /// <exception cref="ArgumentException">An action of the user assigned a value out of range.</exception>
    internal CircuitBreakerOptions Value
    {
        get
        {
            // Threads may read the options at the same time; each publishes a complete evaluation.
            var evaluation = Volatile.Read(ref _evaluation);
            while (evaluation.Count < _assignments.Count)
            {
                evaluation = new Evaluation(_assignments[evaluation.Count](evaluation.Value), evaluation.Count + 1);
            }

            Volatile.Write(ref _evaluation, evaluation);
            return evaluation.Value;
        }
    }

    /// <summary>
    /// Gets whether a setting has been assigned. Assignments to the service's options do not count for those of a
    /// method.
    /// </summary>
    internal bool IsAssigned { get; private set; }

    /// <summary>
    /// Adds an action for these options and those of each method. The action reads the values of the circuit breaker
    /// that it runs for. It must not have side effects: it may run more than once.
    /// </summary>
    internal void ConfigureAll(Action<ThriftClientCircuitBreakerOptions> configure) => Add(options =>
    {
        var target = new ThriftClientCircuitBreakerOptions(options);
        configure(target);
        return target.Value;
    });

    internal ThriftClientCircuitBreakerOptions CreateForMethod(string method)
    {
        var options = new ThriftClientCircuitBreakerOptions(_initial with { Name = $"{_initial.Name}.{method}" });
        options._assignments.AddRange(_assignments);
        _methods.Add(options);
        return options;
    }

    /// <summary>
    /// Applies the assignments to the settings of the method's attribute, which also has the name of the circuit
    /// breaker.
    /// </summary>
    /// <returns>The settings as a circuit breaker takes them.</returns>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    internal CircuitBreakerOptions ApplyTo(CircuitBreakerOptions attributeOptions)
    {
        Volatile.Write(ref _evaluation, new Evaluation(attributeOptions with { TimeProvider = _initial.TimeProvider }, 0));
        return Value;
    }

    private void Assign(Func<CircuitBreakerOptions, CircuitBreakerOptions> assignment)
    {
        // A value out of range throws here, in the statement that assigns it, whatever the other values are.
        _ = assignment(_initial);
        Add(assignment);
    }

    private void Add(Func<CircuitBreakerOptions, CircuitBreakerOptions> assignment)
    {
        _assignments.Add(assignment);
        IsAssigned = true;
        _methods.ForEach(method => method._assignments.Add(assignment));
    }

    /// <summary>Represents the settings after a number of assignments.</summary>
    private sealed record Evaluation(CircuitBreakerOptions Value, int Count);
}
