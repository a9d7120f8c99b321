namespace ThriftBreaker;

// How many connections there are, how long they live, and how the channel ends.
public sealed partial record ThriftChannelOptions
{
    /// <summary>Connections are counted, and so are calls, which cost memory while they wait: a limit beyond this is none.</summary>
    private const int Most = 1_000_000;

    /// <summary>
    /// How many connections may be open at a time, those that are being opened included: 1 to 1,000,000; default 100. A call that finds all
    /// of them in use waits for one, up to <see cref="AcquireTimeout"/>; who has waited longest is first.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxConnections
    {
        get;
        init => field = Between(1, value, Most);
    } = 100;

    /// <summary>
    /// How many free connections <see cref="IdleTimeout"/> leaves open: 0 to <see cref="MaxConnections"/>; default 0. None is opened ahead
    /// of the call that needs it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MinIdleConnections
    {
        get;
        init => field = Between(0, value, Most);
    }

    /// <summary>
    /// How long a connection that no call needs stays open: greater than zero and at most 24 days, or null for as long as the server keeps
    /// it; default 1 minute. Best shorter than the time after which the server, or a firewall in between, closes it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan? IdleTimeout
    {
        get;
        init => field = value is { } timeout ? Deadline(timeout) : null;
    } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a connection may be used, counted from its opening: greater than zero and at most 24 days, or null, the default, for no
    /// limit. A call under way is not disturbed. The host's name is resolved anew for each connection, so this is how long a channel
    /// stays with an address that the name no longer has.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan? MaxConnectionAge
    {
        get;
        init => field = value is { } age ? Deadline(age) : null;
    }

    /// <summary>
    /// Whether each call opens a connection of its own and closes it afterwards. Default false: connections are kept between calls.
    /// </summary>
    public bool ConnectionPerCall { get; init; }

    /// <summary>
    /// How many calls may be under way at a time: 1 to 1,000,000, or null, the default, for as many as there are connections. Calls beyond
    /// that wait for their turn, as many as <see cref="MaxQueuedCalls"/> and up to <see cref="AcquireTimeout"/>, and the rest is rejected with
    /// <see cref="BulkheadFullException"/>, which does not count against the server.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int? MaxConcurrentCalls
    {
        get;
        init => field = value is { } calls ? Between(1, calls, Most) : null;
    }

    /// <summary>How many calls may wait for their turn under <see cref="MaxConcurrentCalls"/>: 0 to 1,000,000; default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxQueuedCalls
    {
        get;
        init => field = Between(0, value, Most);
    }

    /// <summary>
    /// How long <see cref="ThriftChannel.DisposeAsync"/> waits for the calls under way before it closes their connections: zero, for not at
    /// all, to 24 days; default 10 seconds.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan DrainTimeout
    {
        get;
        init => field = Wait(value);
    } = TimeSpan.FromSeconds(10);

    /// <summary>Looks whether the settings go together, <see cref="EndpointCircuitBreaker"/> among them, as a channel to several endpoints does when it is made.</summary>
    /// <exception cref="ArgumentException">Two of them contradict each other.</exception>
    public void Validate() => EndpointSet.ThrowIfContradictory(this);

    /// <exception cref="ArgumentException">Two settings contradict each other, or one the endpoint.</exception>
    internal static void ThrowIfContradictory(ThriftEndpoint endpoint, ThriftChannelOptions options)
    {
        ThrowIfContradictory(options);
        Require(options, options.OnConnected is null || endpoint.Kind != EndpointKind.Http, "OnConnected wants a connection of the channel's own, and HTTP has none: let the HttpClient log in.");
    }

    /// <exception cref="ArgumentException">Two settings contradict each other.</exception>
    internal static void ThrowIfContradictory(ThriftChannelOptions options)
    {
        Require(options, options.MinIdleConnections <= options.MaxConnections, "MinIdleConnections must be at most MaxConnections.");
        Require(options, options.MinIdleConnections == 0 || !options.ConnectionPerCall, "MinIdleConnections keeps connections, ConnectionPerCall keeps none.");
        Require(options, options.MaxQueuedCalls == 0 || options.MaxConcurrentCalls is not null, "MaxQueuedCalls wants a MaxConcurrentCalls.");
    }

    private static void Require(ThriftChannelOptions options, bool holds, string message)
    {
        if (!holds)
        {
            throw new ArgumentException(message, nameof(options));
        }
    }
}
