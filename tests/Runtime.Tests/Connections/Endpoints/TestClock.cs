using Microsoft.Extensions.Time.Testing;

namespace ThriftBreaker.Runtime.Tests.Connections.Endpoints;

/// <summary>A clock that the test moves, and that says when somebody begins to wait for it.</summary>
internal sealed class TestClock : TimeProvider
{
    private readonly FakeTimeProvider _clock = new();
    private readonly List<TimeSpan> _waits = [];
    private int _timers;

    /// <summary>Timers that are set and not disposed.</summary>
    public int Timers => Volatile.Read(ref _timers);

    public override long TimestampFrequency => _clock.TimestampFrequency;

    public override long GetTimestamp() => _clock.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => _clock.GetUtcNow();

    public void Advance(TimeSpan span) => _clock.Advance(span);

    /// <summary>Waits until somebody waits for so long, and forgets that.</summary>
    public Task TimerAsync(TimeSpan wait) => Eventually.HoldsAsync(() =>
    {
        lock (_waits)
        {
            return _waits.Remove(wait);
        }
    });

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, _clock.CreateTimer(callback, state, dueTime, period));
        Note(dueTime);
        Interlocked.Increment(ref _timers);
        return timer;
    }

    private void Note(TimeSpan wait)
    {
        lock (_waits)
        {
            _waits.Add(wait);
        }
    }

    private sealed class Timer(TestClock clock, ITimer timer) : ITimer
    {
        private int _isDisposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var changed = timer.Change(dueTime, period);
            clock.Note(dueTime);
            return changed;
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            {
                Interlocked.Decrement(ref clock._timers);
            }

            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
