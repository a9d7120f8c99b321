using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace ThriftBreaker.Dashboard.Circuits;

/// <summary>
/// Watches every circuit of the process. Changes of state are noted all the time; calls are counted, and the circuits looked at once a second,
/// only while somebody looks at the page. Thread-safe.
/// </summary>
internal sealed class CircuitWatch : IDisposable
{
    /// <summary>How often the circuits are looked at.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>How soon after a change of state, and so how often at most: a thousand circuits that flap are shown together.</summary>
    private static readonly TimeSpan DebounceDelay = TimeSpan.FromMilliseconds(250);

    private readonly ConditionalWeakTable<CircuitBreaker, WatchedCircuit> _watched = [];
    private readonly object _lock = new();
    private readonly object _looking = new();
    private readonly string _instance = Convert.ToHexString(RandomNumberGenerator.GetBytes(4));
    private readonly WeakSubscription _subscription;
    private readonly ITimer _timer;
    private int _ids;
    private int _viewers;
    private bool _isHasty;
    private WatchedCircuit[]? _byName;
    private long _measuredAt;
    private long _looks;
    private Snapshot? _latest;
    private TaskCompletionSource<Snapshot> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CircuitWatch(TimeProvider time)
    {
        Clock = time;
        History = new TransitionHistory(time);
        _timer = time.CreateTimer(static watch => ((CircuitWatch)watch!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _subscription = new WeakSubscription(this);
        CircuitBreakerInstances.Created += _subscription.OnAdded;
        foreach (var circuit in CircuitBreakerInstances.All)
        {
            Add(circuit);
        }
    }

    public TransitionHistory History { get; }

    public TimeProvider Clock { get; }

    /// <summary>The circuits as they are now, by name.</summary>
    public Snapshot Look()
    {
        var (number, now) = (Interlocked.Read(ref _looks), Clock.GetUtcNow());
        return new Snapshot(
            number,
            now.ToUnixTimeMilliseconds(),
            [.. Watched.Select(circuit => circuit.Look(now)).OfType<CircuitView>()]);
    }

    /// <summary>The circuit that the page calls so; null where there is none.</summary>
    public CircuitBreaker? Find(string id) => Watched.FirstOrDefault(circuit => circuit.Id == id)?.Circuit;

    /// <summary>The next look at the circuits after this one, all viewers' together. Who is slow misses some, and gets the latest.</summary>
    public Task<Snapshot> NextAsync(Snapshot seen)
    {
        // In this order: a look between the two is then one or the other.
        var next = Volatile.Read(ref _next).Task;
        return Volatile.Read(ref _latest) is { } latest && latest.Number > seen.Number ? Task.FromResult(latest) : next;
    }

    /// <summary>Somebody has opened the page.</summary>
    public void Enter()
    {
        lock (_lock)
        {
            if (++_viewers > 1)
            {
                return;
            }

            _measuredAt = Clock.GetTimestamp();
            _isHasty = false;
            foreach (var circuit in Watched)
            {
                circuit.StartCounting();
            }

            _timer.Change(Interval, Interval);
        }
    }

    /// <summary>Somebody has closed it.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (--_viewers > 0)
            {
                return;
            }

            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            foreach (var circuit in Watched)
            {
                circuit.StopCounting();
            }
        }
    }

    public void Dispose()
    {
        CircuitBreakerInstances.Created -= _subscription.OnAdded;
        _timer.Dispose();
        foreach (var circuit in Watched)
        {
            circuit.Forget();
        }
    }

    /// <summary>All, by name; in order once, and again when one has come. One that is gone keeps its place until then.</summary>
    private WatchedCircuit[] Watched
    {
        get
        {
            lock (_lock)
            {
                return _byName ??= [.. _watched.Select(static entry => entry.Value).OrderBy(static circuit => circuit.Name, StringComparer.Ordinal).ThenBy(static circuit => circuit.Id)];
            }
        }
    }

    private void Add(CircuitBreaker circuit)
    {
        lock (_lock)
        {
            if (_watched.TryGetValue(circuit, out _))
            {
                return;
            }

            var watched = new WatchedCircuit($"{_instance}-{++_ids}", circuit, _subscription.OnChanged);
            _watched.Add(circuit, watched);
            _byName = null;
            if (_viewers > 0)
            {
                watched.StartCounting();
            }
        }
    }

    private void Note(WatchedCircuit circuit, CircuitStateChangedEventArgs change)
    {
        History.Add(circuit.Id, change);
        lock (_lock)
        {
            // Once: circuits that change all the time must not put it off for ever.
            if (_viewers > 0 && !_isHasty)
            {
                _isHasty = true;
                _timer.Change(DebounceDelay, Interval);
            }
        }
    }

    private void Tick()
    {
        lock (_lock)
        {
            _isHasty = false;
            var now = Clock.GetTimestamp();
            var elapsed = Clock.GetElapsedTime(_measuredAt, now);

            // Of a quarter of a second a rate would jump.
            if (elapsed > Interval / 2)
            {
                _measuredAt = now;
                foreach (var circuit in Watched)
                {
                    circuit.Measure(elapsed);
                }
            }
        }

        // One after the other, or a viewer might be shown the past.
        lock (_looking)
        {
            Interlocked.Increment(ref _looks);
            var picture = Look();
            Volatile.Write(ref _latest, picture);
            Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult(picture);
        }
    }

    /// <summary>
    /// What circuits hold of a watch, which is not the watch: they may live longer than an app that is built and never run, or never stopped. Of
    /// such a one they let go with what they have to say next.
    /// </summary>
    private sealed class WeakSubscription(CircuitWatch watch)
    {
        private readonly WeakReference<CircuitWatch> _watch = new(watch);

        public void OnAdded(object? sender, CircuitBreaker circuit)
        {
            if (_watch.TryGetTarget(out var watch))
            {
                watch.Add(circuit);
            }
            else
            {
                CircuitBreakerInstances.Created -= OnAdded;
            }
        }

        public void OnChanged(WatchedCircuit circuit, CircuitStateChangedEventArgs change)
        {
            if (_watch.TryGetTarget(out var watch))
            {
                watch.Note(circuit, change);
            }
            else
            {
                circuit.Forget();
            }
        }
    }
}
