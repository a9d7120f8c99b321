using System.Collections.Concurrent;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests.Connections.Pool;

/// <summary>
/// Sixteen threads over few connections: no connection is in use twice, no call waits forever, and no slot is lost.
/// </summary>
public sealed class ConnectionPoolStressTests
{
    private const int Threads = 16;
    private const int MaxConnections = 3;

    private readonly ConcurrentDictionary<TestConnection, int> _users = new();
    private readonly TestPool _pool = new(new ThriftChannelOptions { MaxConnections = MaxConnections });

    [Fact]
    public void ConcurrentCalls_ShareNoConnectionAndAllComplete()
    {
        Race.Run(Threads, thread => AcquireAndReleaseRepeatedly(new Random(thread)));

        AssertAllSlotsAvailable();
    }

    [Fact]
    public void CancelledCalls_LoseNoSlot()
    {
        Race.Run(Threads, thread =>
        {
            var random = new Random(thread);
            for (var round = 0; round < TestRun.Times(quick: 200, @long: 5_000); round++)
            {
                using var cancellation = new CancellationTokenSource();
                var acquire = _pool.AcquireCancellableAsync(cancellation.Token);
                Thread.SpinWait(random.Next(200));
                cancellation.Cancel();
                acquire.ContinueWith(static _ => { }, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default).Wait(TestContext.Current.CancellationToken);
                if (acquire.IsCompletedSuccessfully)
                {
                    HoldAndRelease(acquire.GetAwaiter().GetResult(), random);
                }
            }
        });

        AssertAllSlotsAvailable();
    }

    [Fact]
    public void Close_DuringCalls_RejectsAll()
    {
        Race.Run(Threads, thread =>
        {
            if (thread == 0)
            {
                Thread.SpinWait(10_000);
                _pool.Pool.Close();
                return;
            }

            Assert.Throws<ObjectDisposedException>(void () =>
            {
                while (true)
                {
                    AcquireAndReleaseRepeatedly(new Random(thread));
                }
            });
        });

        Assert.Equal(0, _pool.Open);
        Assert.True(_pool.Pool.DrainAsync().IsCompletedSuccessfully);
    }

    private void AcquireAndReleaseRepeatedly(Random random)
    {
        for (var call = 0; call < TestRun.Times(quick: 500, @long: 10_000); call++)
        {
            HoldAndRelease(_pool.AcquireAsync().GetAwaiter().GetResult(), random);
        }
    }

    private void HoldAndRelease(TestConnection connection, Random random)
    {
        Assert.False(connection.IsClosed);
        Assert.Equal(1, _users.AddOrUpdate(connection, 1, static (_, users) => users + 1));
        Assert.InRange(_pool.Open, 1, MaxConnections);
        Thread.SpinWait(random.Next(50));
        var outcome = random.Next(20);
        connection.HasDied = outcome == 0;
        _users.AddOrUpdate(connection, 0, static (_, users) => users - 1);
        _pool.Pool.Release(connection, reusable: outcome != 1, replied: outcome != 1);
    }

    private void AssertAllSlotsAvailable()
    {
        Assert.InRange(_pool.Open, 0, MaxConnections);
        Assert.Equal(MaxConnections, _pool.AcquireNow(MaxConnections).Distinct().Count());
        Assert.Equal(MaxConnections, _pool.Open);
    }
}
