using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace ThriftBreaker.Dashboard.Monitoring;

/// <summary>
/// Monitors every circuit breaker of the process. State changes are recorded permanently. Calls are counted, and
/// snapshots are published once a second, only while the page has a viewer. Thread-safe.
/// </summary>
internal sealed class CircuitBreakerMonitor : IDisposable
{
    /// <summary>The time between two snapshots.</summary>
    public static readonly TimeSpan SnapshotInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The time from a state change to the next snapshot, and so the shortest time between two snapshots: a thousand
    /// circuit breakers that flap are shown together.
    /// </summary>
    private static readonly TimeSpan DebounceDelay = TimeSpan.FromMilliseconds(250);

    private readonly ConditionalWeakTable<CircuitBreaker, MonitoredCircuitBreaker> _monitored = [];
    private readonly object _lock = new();
    private readonly object _publishLock = new();
    private readonly string _processId = Convert.ToHexString(RandomNumberGenerator.GetBytes(4));
    private readonly WeakSubscription _subscription;
    private readonly ITimer _timer;
    private int _lastId;
    private int _viewers;
    private bool _isSnapshotScheduled;
    private MonitoredCircuitBreaker[]? _byName;
    private long _ratesUpdatedAt;
    private long _published;
    private Snapshot? _latest;
    private TaskCompletionSource<Snapshot> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CircuitBreakerMonitor(TimeProvider clock)
    {
        Clock = clock;
        History = new TransitionHistory(clock);
        _timer = clock.CreateTimer(static monitor => ((CircuitBreakerMonitor)monitor!).PublishSnapshot(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _subscription = new WeakSubscription(this);
        CircuitBreakerInstances.Created += _subscription.OnCreated;
        foreach (var circuitBreaker in CircuitBreakerInstances.All)
        {
            Add(circuitBreaker);
        }
    }

    public TransitionHistory History { get; }

    public TimeProvider Clock { get; }

    /// <summary>Returns the current views of all circuit breakers.</summary>
    public Snapshot GetSnapshot()
    {
        var (number, now) = (Interlocked.Read(ref _published), Clock.GetUtcNow());
        return new Snapshot(
            number,
            now.ToUnixTimeMilliseconds(),
            [.. Monitored.Select(monitored => monitored.GetView(now)).OfType<CircuitBreakerView>()]);
    }

    /// <summary>Returns the circuit breaker with this id; null if none has it.</summary>
    public CircuitBreaker? Find(string id) => Monitored.FirstOrDefault(monitored => monitored.Id == id)?.CircuitBreaker;

    /// <summary>
    /// Returns the next published snapshot after this one. All viewers share it; a slow viewer skips some and gets the
    /// latest.
    /// </summary>
    public Task<Snapshot> GetNextSnapshotAsync(Snapshot seen)
    {
        // In this order, a snapshot that is published between the two reads is one of them.
        var next = Volatile.Read(ref _next).Task;
        return Volatile.Read(ref _latest) is { } latest && latest.Number > seen.Number ? Task.FromResult(latest) : next;
    }

    /// <summary>Adds a viewer. The first one starts the timer and the counting of calls.</summary>
    public void AddViewer()
    {
        lock (_lock)
        {
            if (++_viewers > 1)
            {
                return;
            }

            _ratesUpdatedAt = Clock.GetTimestamp();
            _isSnapshotScheduled = false;
            foreach (var monitored in Monitored)
            {
                monitored.StartCounting();
            }

            _timer.Change(SnapshotInterval, SnapshotInterval);
        }
    }

    /// <summary>Removes a viewer. The last one stops the timer and the counting of calls.</summary>
    public void RemoveViewer()
    {
        lock (_lock)
        {
            if (--_viewers > 0)
            {
                return;
            }

            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            foreach (var monitored in Monitored)
            {
                monitored.StopCounting();
            }
        }
    }

    public void Dispose()
    {
        CircuitBreakerInstances.Created -= _subscription.OnCreated;
        _timer.Dispose();
        foreach (var monitored in Monitored)
        {
            monitored.Unsubscribe();
        }
    }

    /// <summary>
    /// Gets all monitored circuit breakers by name. The array is sorted again only after a circuit breaker was added;
    /// one that was collected keeps its place until then.
    /// </summary>
    private MonitoredCircuitBreaker[] Monitored
    {
        get
        {
            lock (_lock)
            {
                return _byName ??=
                [
                    .. _monitored
                        .Select(static entry => entry.Value)
                        .OrderBy(static monitored => monitored.Name, StringComparer.Ordinal)
                        .ThenBy(static monitored => monitored.Id),
                ];
            }
        }
    }

    private void Add(CircuitBreaker circuitBreaker)
    {
        lock (_lock)
        {
            if (_monitored.TryGetValue(circuitBreaker, out _))
            {
                return;
            }

            var monitored = new MonitoredCircuitBreaker($"{_processId}-{++_lastId}", circuitBreaker, _subscription.OnStateChanged);
            _monitored.Add(circuitBreaker, monitored);
            _byName = null;
            if (_viewers > 0)
            {
                monitored.StartCounting();
            }
        }
    }

    private void Record(MonitoredCircuitBreaker monitored, CircuitStateChangedEventArgs change)
    {
        History.Add(monitored.Id, change);
        lock (_lock)
        {
            // Only the first change schedules a snapshot: permanent changes would delay it without end.
            if (_viewers > 0 && !_isSnapshotScheduled)
            {
                _isSnapshotScheduled = true;
                _timer.Change(DebounceDelay, SnapshotInterval);
            }
        }
    }

    private void PublishSnapshot()
    {
        lock (_lock)
        {
            _isSnapshotScheduled = false;
            var now = Clock.GetTimestamp();
            var elapsed = Clock.GetElapsedTime(_ratesUpdatedAt, now);

            // The rate of a quarter of a second would fluctuate.
            if (elapsed > SnapshotInterval / 2)
            {
                _ratesUpdatedAt = now;
                foreach (var monitored in Monitored)
                {
                    monitored.UpdateRates(elapsed);
                }
            }
        }

        // Two ticks that overlap must not publish the older snapshot last.
        lock (_publishLock)
        {
            Interlocked.Increment(ref _published);
            var snapshot = GetSnapshot();
            Volatile.Write(ref _latest, snapshot);
            Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult(snapshot);
        }
    }

    /// <summary>
    /// The handlers that circuit breakers hold refer to the monitor weakly. Circuit breakers can outlive an app that is
    /// built and never run or never stopped; their next event after the monitor was collected removes the handler.
    /// </summary>
    private sealed class WeakSubscription(CircuitBreakerMonitor monitor)
    {
        private readonly WeakReference<CircuitBreakerMonitor> _monitor = new(monitor);

        public void OnCreated(object? sender, CircuitBreaker circuitBreaker)
        {
            if (_monitor.TryGetTarget(out var monitor))
            {
                monitor.Add(circuitBreaker);
            }
            else
            {
                CircuitBreakerInstances.Created -= OnCreated;
            }
        }

        public void OnStateChanged(MonitoredCircuitBreaker monitored, CircuitStateChangedEventArgs change)
        {
            if (_monitor.TryGetTarget(out var monitor))
            {
                monitor.Record(monitored, change);
            }
            else
            {
                monitored.Unsubscribe();
            }
        }
    }
}
