namespace ThriftBreaker.Dashboard.Circuits;

/// <summary>What the page knows of one circuit. It does not keep the circuit alive.</summary>
internal sealed class WatchedCircuit
{
    private readonly WeakReference<CircuitBreaker> _circuit;
    private readonly EventHandler<CircuitStateChangedEventArgs> _changed;
    private readonly EventHandler<CallCompletedEventArgs> _finished;
    private readonly EventHandler<CallRejectedEventArgs> _rejected;
    private readonly Rate _calls = new();
    private readonly Rate _rejections = new();
    private CircuitView? _last;

    /// <param name="id">What the page calls it.</param>
    /// <param name="circuit">The circuit.</param>
    /// <param name="changed">Is told of each change of state.</param>
    public WatchedCircuit(string id, CircuitBreaker circuit, Action<WatchedCircuit, CircuitStateChangedEventArgs> changed)
    {
        Id = id;
        Name = circuit.Name;
        _circuit = new WeakReference<CircuitBreaker>(circuit);
        _changed = (_, change) => changed(this, change);
        _finished = (_, _) => _calls.Count();
        _rejected = (_, _) => _rejections.Count();
        circuit.StateChanged += _changed;
    }

    public string Id { get; }

    public string Name { get; }

    /// <summary>The circuit; null when nobody holds it any more.</summary>
    public CircuitBreaker? Circuit => _circuit.TryGetTarget(out var circuit) ? circuit : null;

    /// <summary>Counts calls from now on, which makes every call a little dearer: only while somebody looks.</summary>
    public void StartCounting()
    {
        if (Circuit is { } circuit)
        {
            circuit.CallCompleted += _finished;
            circuit.CallRejected += _rejected;
        }
    }

    public void StopCounting()
    {
        if (Circuit is { } circuit)
        {
            circuit.CallCompleted -= _finished;
            circuit.CallRejected -= _rejected;
        }

        _calls.Stop();
        _rejections.Stop();
    }

    public void Forget()
    {
        if (Circuit is { } circuit)
        {
            circuit.StateChanged -= _changed;
        }
    }

    /// <summary>Ends the time that rates are of.</summary>
    /// <param name="elapsed">How long it was.</param>
    public void Measure(TimeSpan elapsed)
    {
        _calls.Measure(elapsed);
        _rejections.Measure(elapsed);
    }

    /// <summary>
    /// The circuit as it is now; null when nobody holds it any more. While there is nothing new to show it is the same object, so that nobody who has
    /// shown it need compare anything: there may be a thousand circuits, of which three have changed.
    /// </summary>
    public CircuitView? Look(DateTimeOffset now)
    {
        if (Circuit is not { } circuit)
        {
            return null;
        }

        var state = circuit.State;
        var view = new CircuitView(
            Id,
            Name,
            DisplayNames.Of(state),
            DisplayNames.Of(circuit.Mode),
            circuit.FailureCount,
            circuit.Options.FailMax,
            state == CircuitState.Open && circuit.RetryAfter is { } wait && wait < DateTimeOffset.MaxValue - now ? (now + wait).ToUnixTimeMilliseconds() : null,
            _calls.PerSecond,
            _rejections.PerSecond,
            circuit.LastFailure?.GetType().Name);
        return _last is { } last && view.LooksLike(last) ? last : _last = view;
    }

    /// <summary>Counts something, and tells from time to time how often it happens.</summary>
    private sealed class Rate
    {
        private long _count;
        private double _perSecond;

        public double PerSecond => Volatile.Read(ref _perSecond);

        public void Count() => Interlocked.Increment(ref _count);

        public void Measure(TimeSpan elapsed)
            => Volatile.Write(ref _perSecond, Math.Round(Interlocked.Exchange(ref _count, 0) / Math.Max(elapsed.TotalSeconds, 0.001), 1));

        public void Stop() => Measure(TimeSpan.MaxValue);
    }
}
