using BenchmarkDotNet.Attributes;
using ThriftBreaker.Benchmarks.Contenders;

namespace ThriftBreaker.Benchmarks;

/// <summary>What a pool costs a call that need not wait: to get a connection, and to give it back.</summary>
[MemoryDiagnoser]
public class PoolParts
{
    private readonly LoopbackServer _server = new();
    private readonly ConnectionPool<NoConnection> _pool = new(
        static _ => Task.FromResult(new NoConnection()), new ThriftEndpoint("127.0.0.1", 9090), new ThriftChannelOptions());

    private readonly CallDeadline _deadline = new(TimeProvider.System);
    private ThriftChannel _channel = null!;
    private ThriftConnection _connection = null!;

    [GlobalSetup]
    public async Task ConnectAsync()
    {
        _channel = new ThriftChannel(new ThriftEndpoint("127.0.0.1", _server.Port));
        _connection = await _channel.Only!.LeaseAsync(CancellationToken.None).ConfigureAwait(false);
    }

    [GlobalCleanup]
    public async Task StopAsync()
    {
        _channel.Only!.Return(_connection, reusable: true, answered: true);
        await _channel.DisposeAsync().ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The pool by itself.</summary>
    [Benchmark(Baseline = true)]
    public bool LeaseAndReturn()
    {
        var lease = _pool.LeaseAsync(TimeSpan.Zero, CancellationToken.None);
        if (!lease.IsCompletedSuccessfully)
        {
            return false;
        }

        _pool.Return(lease.Result, reusable: true, answered: true);
        return true;
    }

    /// <summary>The system call that tells whether the server has closed an idle connection.</summary>
    [Benchmark]
    public bool LookAtSocket() => _connection.IsQuiet;

    /// <summary>The timer of a call, on a source that is used again.</summary>
    [Benchmark]
    public void Deadline()
    {
        _deadline.Start(TimeSpan.FromSeconds(10), CancellationToken.None);
        _deadline.Stop();
    }

    /// <summary>The timer of a call, on a source of its own.</summary>
    [Benchmark]
    public void SourceOfItsOwn()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(10), TimeProvider.System);
    }

    private sealed class NoConnection : PooledConnection
    {
        public override bool IsQuiet => true;

        public override void Abort()
        {
        }

        public override void Dispose()
        {
        }
    }
}
