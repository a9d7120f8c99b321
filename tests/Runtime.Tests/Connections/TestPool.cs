using Microsoft.Extensions.Time.Testing;

namespace ThriftBreaker.Runtime.Tests.Connections;

/// <summary>A pool of connections to nowhere, on a clock that the test moves.</summary>
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

    /// <summary>Every connection that was opened, in order.</summary>
    public List<TestConnection> Opened { get; } = [];

    /// <summary>How many of them are open.</summary>
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

    /// <summary>What opening a connection waits for; it may fail.</summary>
    public Func<CancellationToken, Task> Connecting { get; set; } = static _ => Task.CompletedTask;

    public Task<TestConnection> LeaseAsync() => LeaseUntilAsync(CancellationToken.None);

    public Task<TestConnection> LeaseUntilAsync(CancellationToken cancellationToken)
        => Pool.LeaseAsync(_options.AcquireTimeout, cancellationToken).AsTask();

    /// <summary>A connection that is there at once.</summary>
    public TestConnection LeaseNow()
    {
        var lease = LeaseAsync();
        Assert.True(lease.IsCompletedSuccessfully, "There should be a connection at once.");
        return lease.GetAwaiter().GetResult();
    }

    /// <summary>Several at a time.</summary>
    public TestConnection[] LeaseNow(int connections) => [.. Enumerable.Range(0, connections).Select(_ => LeaseNow())];

    public void Return(params TestConnection[] connections) => Array.ForEach(connections, connection => Pool.Return(connection, reusable: true, answered: true));

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

/// <summary>A connection that says what has become of it.</summary>
internal sealed class TestConnection : PooledConnection
{
    public bool HasDied { get; set; }

    public bool IsClosed { get; private set; }

    public bool IsCutOff { get; private set; }

    public override bool IsQuiet => !HasDied;

    public override void Abort() => IsCutOff = true;

    public override void Dispose() => IsClosed = true;
}
