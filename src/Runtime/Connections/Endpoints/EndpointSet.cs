namespace ThriftBreaker;

/// <summary>The endpoints of a channel that has several: who is in the list, who of them gets the next call, and whose circuits may be open. Thread-safe.</summary>
/// <param name="options">The settings of the channel.</param>
/// <param name="random">For draws; a test throws its own.</param>
internal sealed class EndpointSet(ThriftChannelOptions options, Random? random = null)
{
    private readonly Random _dice = random ?? Random.Shared;
    private readonly object _sync = new();

    /// <summary>Those that are in the list no more and still have calls.</summary>
    private readonly HashSet<ChannelEndpoint> _leaving = [];

    /// <summary>Replaced as a whole: a call chooses from the list that it finds.</summary>
    private ChannelEndpoint[] _endpoints = [];
    private ThriftChannelOptions _options = options;
    private long _ejections;
    private volatile bool _isClosed;

    public ThriftChannelOptions Options => Volatile.Read(ref _options);

    public IReadOnlyList<ChannelEndpoint> Endpoints => Volatile.Read(ref _endpoints);

    /// <summary>Looks for what would be wrong with any endpoint, before one is known.</summary>
    /// <exception cref="ArgumentException">Two settings contradict each other.</exception>
    public static void ThrowIfContradictory(ThriftChannelOptions options)
    {
        ThriftChannelOptions.ThrowIfContradictory(options);
        _ = new CircuitSettings(options.EndpointCircuitBreaker);
        ChannelCircuitBreakers.ThrowIfProbesAreShorter(options, options.EndpointCircuitBreaker, options.CallTimeout);
    }

    /// <summary>Puts another list in force. Endpoints that are in both stay what they are; new ones warm up, but for those of the first list.</summary>
    /// <exception cref="ArgumentException">The list is empty or has a null in it, or two settings contradict each other, or one an endpoint.</exception>
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
            ChannelEndpoint[] after = [.. list.Distinct().Select(endpoint => before.Remove(endpoint, out var known) ? known : Added(endpoint))];
            Volatile.Write(ref _endpoints, after);
            _leaving.UnionWith(before.Values);
            foreach (var endpoint in before.Values)
            {
                endpoint.Retire();
            }

            LimitEjections();
        }
    }

    /// <summary>Puts other settings in force for the circuits of the endpoints, of those that come later too.</summary>
    /// <exception cref="ArgumentException">Two settings contradict each other, or the name is another one. Everything stays as it was.</exception>
    public void UpdateCircuits(CircuitBreakerOptions circuit)
    {
        lock (_sync)
        {
            var (before, after) = (_options, _options with { EndpointCircuitBreaker = circuit });
            if (circuit.Name != before.EndpointCircuitBreaker.Name)
            {
                throw new ArgumentException($"The circuits of the endpoints go on to be called '{before.EndpointCircuitBreaker.Name} …', and not '{circuit.Name} …'.", nameof(circuit));
            }

            ThrowIfContradictory(after);
            foreach (var endpoint in _endpoints)
            {
                endpoint.CircuitBreaker.Validate(ChannelEndpoint.CircuitOf(endpoint.Endpoint, after));
            }

            foreach (var endpoint in _endpoints)
            {
                endpoint.CircuitBreaker.Update(ChannelEndpoint.CircuitOf(endpoint.Endpoint, after));
            }

            Volatile.Write(ref _options, after);
        }
    }

    /// <summary>Decides who gets a call.</summary>
    /// <exception cref="CircuitOpenException">Every circuit is open.</exception>
    /// <exception cref="ObjectDisposedException">The channel has been disposed.</exception>
    public EndpointCall TakeTurn(TimeSpan? callTimeout)
    {
        while (!_isClosed)
        {
            var endpoints = Volatile.Read(ref _endpoints);
            if (PowerOfTwoChoices.Choose(endpoints, _dice) is { } chosen)
            {
                // If not: it has left, or another call has begun to probe. The next choice sees that.
                if (chosen.TryTakeTurn(callTimeout, out var turn))
                {
                    return turn;
                }
            }
            else if (AllOpen.TryTakeTurn(endpoints, Options.AllOpenBehavior, out var turn))
            {
                return turn;
            }
        }

        throw ThriftChannel.Disposed();
    }

    /// <summary>
    /// A circuit has changed its state, or the list has: as many circuits may be open as <see cref="ThriftChannelOptions.MaxEjectionRatio"/> says,
    /// and the endpoints of the others get calls all the same.
    /// </summary>
    /// <remarks>
    /// Those with the most failures since their last success first: where all seem slow because this side is, the ones that were merely slow
    /// get calls, and not the ones that refuse.
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
                endpoint.Ejection = endpoint.CircuitBreaker.State == CircuitState.Closed ? 0
                    : endpoint.Ejection == 0 ? ++_ejections
                    : endpoint.Ejection;
            }

            var most = Math.Max(1, (int)(_endpoints.Length * Options.MaxEjectionRatio));
            var rank = 0;
            foreach (var endpoint in _endpoints.OrderByDescending(static endpoint => endpoint.CircuitBreaker.FailureCount).ThenBy(static endpoint => endpoint.Ejection))
            {
                endpoint.IsExempt = endpoint.Ejection != 0 && ++rank > most;
            }
        }
    }

    /// <summary>The last call of an endpoint that is in the list no more has ended.</summary>
    public void Forget(ChannelEndpoint endpoint)
    {
        lock (_sync)
        {
            _leaving.Remove(endpoint);
        }
    }

    /// <summary>Lends nothing any more, and sends away who waits. Calls under way go on, and then close their connections.</summary>
    public void Close()
    {
        foreach (var endpoint in CloseList())
        {
            endpoint.Connections.Close();
        }
    }

    /// <summary>As <see cref="Close"/>, and waits for the calls under way, for <see cref="ThriftChannelOptions.DrainTimeout"/> at most; cuts off what is left.</summary>
    public Task DrainAsync() => Task.WhenAll(CloseList().Select(static endpoint => endpoint.Connections.DrainAsync()));

    private List<ChannelEndpoint> CloseList()
    {
        lock (_sync)
        {
            _isClosed = true;
            return [.. _endpoints, .. _leaving];
        }
    }

    private ChannelEndpoint Added(ThriftEndpoint endpoint)
    {
        var added = new ChannelEndpoint(endpoint, Options, this);
        if (_endpoints.Length > 0)
        {
            added.BeginWarmUp();
        }

        return added;
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
            throw new ArgumentException("The list of endpoints has a null in it.", nameof(endpoints));
        }
    }
}
