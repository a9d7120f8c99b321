using BenchmarkDotNet.Attributes;
using ThriftBreaker.Benchmarks.Contenders;

namespace ThriftBreaker.Benchmarks;

/// <summary>Measures the parts of acquiring and releasing a connection without contention.</summary>
[MemoryDiagnoser]
public class PoolParts
{
    private readonly LoopbackServer _server = new();
    private readonly ConnectionPool<NullConnection> _pool = new(
        static _ => Task.FromResult(new NullConnection()), new ThriftEndpoint("127.0.0.1", 9090), new ThriftChannelOptions());

    private readonly CallDeadline _deadline = new(TimeProvider.System);
    private ThriftChannel _channel = null!;
    private ThriftConnection _connection = null!;

    [GlobalSetup]
    public async Task ConnectAsync()
    {
        _channel = new ThriftChannel(new ThriftEndpoint("127.0.0.1", _server.Port));
        _connection = await _channel.SingleEndpoint!.AcquireAsync(CancellationToken.None).ConfigureAwait(false);
    }

    [GlobalCleanup]
    public async Task StopAsync()
    {
        _channel.SingleEndpoint!.Release(_connection, reusable: true, replied: true);
        await _channel.DisposeAsync().ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The pool alone.</summary>
    [Benchmark(Baseline = true)]
    public bool AcquireAndRelease()
    {
        var acquire = _pool.AcquireAsync(TimeSpan.Zero, CancellationToken.None);
        if (!acquire.IsCompletedSuccessfully)
        {
            return false;
        }

        _pool.Release(acquire.Result, reusable: true, replied: true);
        return true;
    }

    /// <summary>The system call that detects whether the server has closed an idle connection.</summary>
    [Benchmark]
    public bool PollSocket() => _connection.IsReusable;

    /// <summary>The timer of a call, with a reused token source.</summary>
    [Benchmark]
    public void Deadline()
    {
        _deadline.Start(TimeSpan.FromSeconds(10), CancellationToken.None);
        _deadline.Stop();
    }

    /// <summary>The timer of a call, with a new token source.</summary>
    [Benchmark]
    public void NewTokenSource()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(10), TimeProvider.System);
    }

    private sealed class NullConnection : PooledConnection
    {
        public override bool IsReusable => true;

        public override void Abort()
        {
        }

        public override void Dispose()
        {
        }
    }
}
