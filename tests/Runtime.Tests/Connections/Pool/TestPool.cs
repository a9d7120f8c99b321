using Microsoft.Extensions.Time.Testing;

namespace ThriftBreaker.Runtime.Tests.Connections.Pool;

/// <summary>A pool of connections without a server, with a fake clock.</summary>
internal sealed class TestPool
{
    public static readonly ThriftEndpoint Endpoint = new("localhost", 9090);

    private readonly ThriftChannelOptions _options;

    public TestPool(ThriftChannelOptions? options = null, FakeTimeProvider? clock = null)
    {
        Clock = clock ?? new FakeTimeProvider();
        _options = (options ?? new ThriftChannelOptions()) with { TimeProvider = Clock };
        Pool = new ConnectionPool<TestConnection>(OpenAsync, Endpoint, _options);
    }

    public FakeTimeProvider Clock { get; }

    public ConnectionPool<TestConnection> Pool { get; }

    /// <summary>All connections that were opened, in order.</summary>
    public List<TestConnection> Opened { get; } = [];

    /// <summary>The number of connections that are open.</summary>
    public int Open
    {
        get
        {
            lock (Opened)
            {
                return Opened.Count(static connection => !connection.IsClosed);
            }
        }
    }

    /// <summary>The task that opening a connection awaits; it can fail.</summary>
    public Func<CancellationToken, Task> Connecting { get; set; } = static _ => Task.CompletedTask;

    public Task<TestConnection> AcquireAsync() => AcquireCancellableAsync(CancellationToken.None);

    public Task<TestConnection> AcquireCancellableAsync(CancellationToken cancellationToken)
        => Pool.AcquireAsync(_options.AcquireTimeout, cancellationToken).AsTask();

    /// <summary>Acquires a connection without a wait.</summary>
    public TestConnection AcquireNow()
    {
        var acquire = AcquireAsync();
        Assert.True(acquire.IsCompletedSuccessfully, "A connection should be available without a wait.");
        return acquire.GetAwaiter().GetResult();
    }

    public TestConnection[] AcquireNow(int connections) => [.. Enumerable.Range(0, connections).Select(_ => AcquireNow())];

    public void Release(params TestConnection[] connections) => Array.ForEach(connections, connection => Pool.Release(connection, reusable: true, replied: true));

    private async Task<TestConnection> OpenAsync(CancellationToken cancellationToken)
    {
        await Connecting(cancellationToken);
        var connection = new TestConnection();
        lock (Opened)
        {
            Opened.Add(connection);
        }

        return connection;
    }
}

/// <summary>A connection that records whether it was closed or aborted.</summary>
internal sealed class TestConnection : PooledConnection
{
    public bool HasDied { get; set; }

    public bool IsClosed { get; private set; }

    public bool IsAborted { get; private set; }

    public override bool IsReusable => !HasDied;

    public override void Abort() => IsAborted = true;

    public override void Dispose() => IsClosed = true;
}
