using Microsoft.Extensions.Time.Testing;

namespace ThriftBreaker.Runtime.Tests.Connections.Endpoints;

/// <summary>A fake clock that reports new timers.</summary>
internal sealed class TestClock : TimeProvider
{
    private readonly FakeTimeProvider _clock = new();
    private readonly List<TimeSpan> _dueTimes = [];
    private int _timers;

    /// <summary>The number of timers that are not disposed.</summary>
    public int Timers => Volatile.Read(ref _timers);

    public override long TimestampFrequency => _clock.TimestampFrequency;

    public override long GetTimestamp() => _clock.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => _clock.GetUtcNow();

    public void Advance(TimeSpan span) => _clock.Advance(span);

    /// <summary>Waits until a timer with this due time is created or changed, and consumes it.</summary>
    public Task TimerSetAsync(TimeSpan dueTime) => Eventually.BecomesTrueAsync(() =>
    {
        lock (_dueTimes)
        {
            return _dueTimes.Remove(dueTime);
        }
    });

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, _clock.CreateTimer(callback, state, dueTime, period));
        Record(dueTime);
        Interlocked.Increment(ref _timers);
        return timer;
    }

    private void Record(TimeSpan dueTime)
    {
        lock (_dueTimes)
        {
            _dueTimes.Add(dueTime);
        }
    }

    private sealed class Timer(TestClock clock, ITimer timer) : ITimer
    {
        private int _isDisposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var changed = timer.Change(dueTime, period);
            clock.Record(dueTime);
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
