namespace ThriftBreaker;

/// <summary>
/// Represents the endpoints of a channel with several: holds the list, selects the endpoint of each call, and limits
/// ejections. Thread-safe.
/// </summary>
/// <param name="options">The settings of the channel.</param>
/// <param name="random">The source of random numbers; tests use a seeded one.</param>
internal sealed class LoadBalancer(ThriftChannelOptions options, Random? random = null)
{
    private readonly Random _random = random ?? Random.Shared;
    private readonly object _sync = new();

    /// <summary>The removed endpoints with in-flight calls.</summary>
    private readonly HashSet<ChannelEndpoint> _draining = [];

    /// <summary>Never modified, only replaced: each call selects from a consistent list.</summary>
    private ChannelEndpoint[] _endpoints = [];
    private ThriftChannelOptions _options = options;
    private long _lastEjectionOrder;
    private volatile bool _isClosed;

    public ThriftChannelOptions Options => Volatile.Read(ref _options);

    public IReadOnlyList<ChannelEndpoint> Endpoints => Volatile.Read(ref _endpoints);

    /// <summary>Validates the settings that apply to every endpoint, before an endpoint is known.</summary>
    /// <exception cref="ArgumentException">Two settings contradict each other.</exception>
    public static void ThrowIfContradictory(ThriftChannelOptions options)
    {
        ThriftChannelOptions.ThrowIfContradictory(options);
        _ = new CircuitSettings(options.EndpointCircuitBreaker);
        ChannelCircuitBreakers.ThrowIfProbesAreShorter(options, options.EndpointCircuitBreaker, options.CallTimeout);
    }

    /// <summary>
    /// Replaces the list. Endpoints in both lists keep their connections and circuit breakers. New endpoints begin a
    /// slow start, except those of the first list.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The list is empty or contains null; or two settings contradict each other, or one contradicts an endpoint.
    /// </exception>
    public void Update(IReadOnlyList<ThriftEndpoint> list)
    {
        ThrowIfUnusable(list);
        lock (_sync)
        {
            if (_isClosed)
            {
                return;
            }

            var before = _endpoints.ToDictionary(static endpoint => endpoint.Endpoint);
            ChannelEndpoint[] after = [.. list.Distinct().Select(endpoint => before.Remove(endpoint, out var known) ? known : Create(endpoint))];
            Volatile.Write(ref _endpoints, after);
            _draining.UnionWith(before.Values);
            foreach (var endpoint in before.Values)
            {
                endpoint.Remove();
            }

            LimitEjections();
        }
    }

    /// <summary>Changes the settings of the circuit breakers of all current and future endpoints.</summary>
    /// <exception cref="ArgumentException">
    /// Two settings contradict each other, or the name differs from the current one. No setting is changed.
    /// </exception>
    public void UpdateCircuitBreakerOptions(CircuitBreakerOptions options)
    {
        lock (_sync)
        {
            ValidateCircuitBreakerOptions(options);
            var after = _options with { EndpointCircuitBreaker = options };
            foreach (var endpoint in _endpoints)
            {
                endpoint.CircuitBreaker.Update(ChannelEndpoint.GetCircuitBreakerOptions(endpoint.Endpoint, after));
            }

            Volatile.Write(ref _options, after);
        }
    }

    /// <summary>Throws what <see cref="UpdateCircuitBreakerOptions"/> would throw, and changes nothing.</summary>
    /// <exception cref="ArgumentException">As for <see cref="UpdateCircuitBreakerOptions"/>.</exception>
    public void ValidateCircuitBreakerOptions(CircuitBreakerOptions options)
    {
        lock (_sync)
        {
            var (before, after) = (_options, _options with { EndpointCircuitBreaker = options });
            if (options.Name != before.EndpointCircuitBreaker.Name)
            {
                throw new ArgumentException($"The names of the endpoints' circuit breakers cannot change from '{before.EndpointCircuitBreaker.Name} …' to '{options.Name} …'.", nameof(options));
            }

            ThrowIfContradictory(after);
            foreach (var endpoint in _endpoints)
            {
                endpoint.CircuitBreaker.Validate(ChannelEndpoint.GetCircuitBreakerOptions(endpoint.Endpoint, after));
            }
        }
    }

    /// <summary>Selects an endpoint, and begins a call there.</summary>
    /// <exception cref="CircuitOpenException">The circuits of all endpoints are open.</exception>
    /// <exception cref="ObjectDisposedException">The channel has been disposed.</exception>
    public EndpointCall BeginCall(TimeSpan? callTimeout)
    {
        while (!_isClosed)
        {
            var endpoints = Volatile.Read(ref _endpoints);
            if (PowerOfTwoChoices.Select(endpoints, _random) is { } selected)
            {
                // If false: it has been removed, or another call is the probe now. The next selection takes this into
                // account.
                if (selected.TryBeginCall(callTimeout, out var call))
                {
                    return call;
                }
            }
            else if (AllOpenHandler.TryBeginCall(endpoints, Options.AllOpenBehavior, out var call))
            {
                return call;
            }
        }

        throw ThriftChannel.CreateDisposedException();
    }

    /// <summary>
    /// Applies <see cref="ThriftChannelOptions.MaxEjectionRatio"/> after a change of a circuit's state or of the list:
    /// endpoints with open circuits beyond the maximum are exempt and get calls.
    /// </summary>
    /// <remarks>
    /// Endpoints with the most failures since their last success are ejected first. If all endpoints seem slow because
    /// the client is, those that were merely slow get calls, and not those that refuse connections.
    /// </remarks>
    public void LimitEjections()
    {
        if (Options.MaxEjectionRatio >= 1)
        {
            return;
        }

        lock (_sync)
        {
            foreach (var endpoint in _endpoints)
            {
                endpoint.EjectionOrder = endpoint.CircuitBreaker.State == CircuitState.Closed ? 0
                    : endpoint.EjectionOrder == 0 ? ++_lastEjectionOrder
                    : endpoint.EjectionOrder;
            }

            var maxEjected = Math.Max(1, (int)(_endpoints.Length * Options.MaxEjectionRatio));
            var rank = 0;
            foreach (var endpoint in _endpoints.OrderByDescending(static endpoint => endpoint.CircuitBreaker.FailureCount).ThenBy(static endpoint => endpoint.EjectionOrder))
            {
                endpoint.IsEjectionExempt = endpoint.EjectionOrder != 0 && ++rank > maxEjected;
            }
        }
    }

    /// <summary>Called when the last call of a removed endpoint has ended.</summary>
    public void OnDrained(ChannelEndpoint endpoint)
    {
        lock (_sync)
        {
            _draining.Remove(endpoint);
        }
    }

    /// <summary>
    /// Closes idle connections and rejects waiting calls. Connections of in-flight calls close when these end.
    /// </summary>
    public void Close()
    {
        foreach (var endpoint in CloseList())
        {
            endpoint.Connections.Close();
        }
    }

    /// <summary>
    /// Closes as <see cref="Close"/> does, waits up to <see cref="ThriftChannelOptions.DrainTimeout"/> for in-flight
    /// calls, and aborts the rest.
    /// </summary>
    public Task DrainAsync() => Task.WhenAll(CloseList().Select(static endpoint => endpoint.Connections.DrainAsync()));

    private List<ChannelEndpoint> CloseList()
    {
        lock (_sync)
        {
            _isClosed = true;
            return [.. _endpoints, .. _draining];
        }
    }

    private ChannelEndpoint Create(ThriftEndpoint endpoint)
    {
        var created = new ChannelEndpoint(endpoint, Options, this);
        if (_endpoints.Length > 0)
        {
            created.BeginSlowStart();
        }

        return created;
    }

    private static void ThrowIfUnusable(IReadOnlyList<ThriftEndpoint> endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        if (endpoints.Count == 0)
        {
            throw new ArgumentException("The list of endpoints is empty: name at least one server.", nameof(endpoints));
        }

        if (endpoints.Contains(null!))
        {
            throw new ArgumentException("The list of endpoints contains null.", nameof(endpoints));
        }
    }
}
