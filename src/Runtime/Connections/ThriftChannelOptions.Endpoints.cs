namespace ThriftBreaker;

// How calls are spread, where a channel has several endpoints.
public sealed partial record ThriftChannelOptions
{
    /// <summary>
    /// The settings of the circuit that each of several endpoints has. Default: it opens after 5 failures in a row, for 5 seconds, which double
    /// with each probe that fails up to 1 minute, all ± 10 %, much as Finagle has it. The name goes before the endpoint in each circuit's name; the clock is the
    /// channel's. <see cref="CircuitBreakerOptions.ThrowOnTrip"/> is not looked at: a call's own error reaches its caller.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public CircuitBreakerOptions EndpointCircuitBreaker
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(EndpointCircuitBreaker));
    } = DefaultEndpointCircuit;

    /// <summary>What becomes of a call when the circuits of all endpoints are open; default <see cref="AllOpenBehavior.Reject"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enum's.</exception>
    public AllOpenBehavior AllOpenBehavior
    {
        get;
        init => field = value is AllOpenBehavior.Reject or AllOpenBehavior.TryNextAvailable
            ? value
            : throw new ArgumentOutOfRangeException(nameof(AllOpenBehavior), value, "AllOpenBehavior must be Reject or TryNextAvailable.");
    }

    /// <summary>
    /// The share of the endpoints that may be passed over because their circuits are open, rounded down, but always one: greater than 0 and at most
    /// 1, the default, for all of them. Those with the most failures since their last success are, and of these the ones whose circuits opened first. The
    /// others go on to get calls, which no circuit counts, until theirs are due: so a rule that is too strict, or a fault on this side, cannot heap all calls on the few that are left. The idea is Envoy's (max_ejection_percent).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double MaxEjectionRatio
    {
        get;
        init => field = value is > 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MaxEjectionRatio), value, "MaxEjectionRatio must be greater than 0 and at most 1.");
    } = 1;

    /// <summary>
    /// How long an endpoint takes to come back to its full share of calls, from a tenth, when its circuit has closed or a change of the list has added
    /// it: zero, for not at all, to 24 days; default 10 seconds.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan SlowStartWindow
    {
        get;
        init => field = Wait(value);
    } = TimeSpan.FromSeconds(10);

    private static CircuitBreakerOptions DefaultEndpointCircuit { get; } = new()
    {
        Name = "endpoint",
        FailMax = 5,
        ResetTimeout = TimeSpan.FromSeconds(5),
        BackoffMultiplier = 2,
        MaxResetTimeout = TimeSpan.FromMinutes(1),
        Jitter = 0.1,
    };
}
