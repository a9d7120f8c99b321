namespace ThriftBreaker.Benchmarks.Contenders;

/// <summary>A typical hand-written circuit breaker: a lock, a counter, async and await.</summary>
internal sealed class LockedService(IService inner) : IService
{
    private static readonly TimeSpan ResetTimeout = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly int _failMax = int.MaxValue;
    private int _failures;
    private DateTime _openUntil = DateTime.MinValue;

    public void Open()
    {
        lock (_lock)
        {
            _failures = _failMax;
            _openUntil = DateTime.UtcNow + ResetTimeout;
        }
    }

    public void Run()
    {
        Enter();
        try
        {
            inner.Run();
            Succeed();
        }
        catch
        {
            Fail();
            throw;
        }
    }

    public int Value(int number)
    {
        Enter();
        try
        {
            var result = inner.Value(number);
            Succeed();
            return result;
        }
        catch
        {
            Fail();
            throw;
        }
    }

    public async Task Later()
    {
        Enter();
        try
        {
            await inner.Later().ConfigureAwait(false);
            Succeed();
        }
        catch
        {
            Fail();
            throw;
        }
    }

    public async Task<int> ValueLater(int number)
    {
        Enter();
        try
        {
            var result = await inner.ValueLater(number).ConfigureAwait(false);
            Succeed();
            return result;
        }
        catch
        {
            Fail();
            throw;
        }
    }

    public async ValueTask Soon()
    {
        Enter();
        try
        {
            await inner.Soon().ConfigureAwait(false);
            Succeed();
        }
        catch
        {
            Fail();
            throw;
        }
    }

    public async ValueTask<int> ValueSoon(int number)
    {
        Enter();
        try
        {
            var result = await inner.ValueSoon(number).ConfigureAwait(false);
            Succeed();
            return result;
        }
        catch
        {
            Fail();
            throw;
        }
    }

    private void Enter()
    {
        lock (_lock)
        {
            if (_failures >= _failMax && DateTime.UtcNow < _openUntil)
            {
                throw new InvalidOperationException("open");
            }
        }
    }

    private void Succeed()
    {
        lock (_lock)
        {
            _failures = 0;
        }
    }

    private void Fail()
    {
        lock (_lock)
        {
            if (_failures < _failMax && ++_failures == _failMax)
            {
                _openUntil = DateTime.UtcNow + ResetTimeout;
            }
        }
    }
}
