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

    /// <summary>The most removed ids that are kept: a viewer that lacks more of them starts again.</summary>
    private const int MaxRemoved = 1_000;

    private readonly ConditionalWeakTable<CircuitBreaker, MonitoredCircuitBreaker> _monitored = [];
    private readonly object _lock = new();
    private readonly object _snapshotLock = new();
    private readonly TransitionHistory _history;
    private readonly long _mappedAt;
    private readonly WeakSubscription _subscription;
    private readonly ITimer _timer;
    private int _lastId;
    private int _viewers;
    private bool _isSnapshotScheduled;
    private MonitoredCircuitBreaker[]? _byName;
    private long _ratesUpdatedAt;
    private Snapshot _last = new(0, 0, 0, [], [], 0);
    private Snapshot? _latest;
    private TaskCompletionSource<Snapshot> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CircuitBreakerMonitor(TimeProvider clock)
    {
        Clock = clock;
        _mappedAt = clock.GetTimestamp();
        _history = new TransitionHistory(clock);
        _timer = clock.CreateTimer(static monitor => ((CircuitBreakerMonitor)monitor!).PublishSnapshot(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _subscription = new WeakSubscription(this);
        CircuitBreakerInstances.Created += _subscription.OnCreated;
        foreach (var circuitBreaker in CircuitBreakerInstances.All)
        {
            Add(circuitBreaker);
        }
    }

    public TimeProvider Clock { get; }

    /// <summary>Gets the id of this process and monitor, with which the ids of circuit breakers begin.</summary>
    public string ProcessId { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(4));

    /// <summary>
    /// Gets the time since this monitor was created, in milliseconds. Corrections of the server's clock do not change
    /// it.
    /// </summary>
    public long Uptime => (long)Clock.GetElapsedTime(_mappedAt).TotalMilliseconds;

    /// <summary>Takes a snapshot of all circuit breakers.</summary>
    public Snapshot GetSnapshot()
    {
        lock (_snapshotLock)
        {
            var (number, now) = (_last.Number + 1, Clock.GetUtcNow());
            Published<CircuitBreakerView>[] views =
            [
                .. Monitored.Select(monitored => monitored.GetView(now, number)).OfType<Published<CircuitBreakerView>>(),
            ];
            var (removed, removedSince) = GetRemoved(views, number);
            return _last = new Snapshot(number, now.ToUnixTimeMilliseconds(), Uptime, views, removed, removedSince);
        }
    }

    /// <inheritdoc cref="TransitionHistory.GetAfter"/>
    public IReadOnlyList<Published<Transition>> GetTransitionsAfter(long number) => _history.GetAfter(number, Histories);

    /// <inheritdoc cref="TransitionHistory.GetBefore"/>
    public IReadOnlyList<Published<Transition>> GetTransitionsBefore(long number) => _history.GetBefore(number, Histories);

    /// <inheritdoc cref="TransitionHistory.GetRecent"/>
    public RecentTransitions GetRecentTransitions(int limit) => _history.GetRecent(limit, Histories);

    /// <summary>Returns the circuit breaker with this id; null if none has it.</summary>
    public CircuitBreaker? Find(string id) => Monitored.FirstOrDefault(monitored => monitored.Id == id)?.CircuitBreaker;

    /// <summary>Returns the current view of the circuit breaker with this id; null if none has it.</summary>
    public CircuitBreakerView? GetView(string id)
        => GetSnapshot().CircuitBreakers.FirstOrDefault(view => view.Value.Id == id)?.Value;

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

    private IEnumerable<CircuitHistory> Histories => Monitored.Select(static monitored => monitored.History);

    /// <summary>Returns the last removed ids, with those that the previous snapshot still had.</summary>
    private (IReadOnlyList<Published<string>> Removed, long Since) GetRemoved(
        Published<CircuitBreakerView>[] views, long number)
    {
        // Both are in the same order, so this compares nearly all snapshots without a set.
        var (ids, lastIds) = (views.Select(GetId), _last.CircuitBreakers.Select(GetId));
        if (ids.SequenceEqual(lastIds))
        {
            return (_last.Removed, _last.RemovedSince);
        }

        var gone = lastIds.Except(ids).Select(id => new Published<string>(id, number));
        Published<string>[] removed = [.. _last.Removed, .. gone];
        return removed.Length <= MaxRemoved
            ? (removed, _last.RemovedSince)
            : (removed[^MaxRemoved..], removed[^(MaxRemoved + 1)].Number);

        static string GetId(Published<CircuitBreakerView> view) => view.Value.Id;
    }

    private void Add(CircuitBreaker circuitBreaker)
    {
        lock (_lock)
        {
            if (_monitored.TryGetValue(circuitBreaker, out _))
            {
                return;
            }

            var id = $"{ProcessId}-{++_lastId}";
            var monitored = new MonitoredCircuitBreaker(id, circuitBreaker, Clock.GetUtcNow(), _subscription.OnStateChanged);
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
        _history.Add(monitored.History, change);
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
        lock (_snapshotLock)
        {
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
