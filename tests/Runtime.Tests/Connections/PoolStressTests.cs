using System.Collections.Concurrent;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests.Connections;

/// <summary>Sixteen threads over few connections: none is lent twice, nobody waits for ever, and in the end all places are there.</summary>
public sealed class PoolStressTests
{
    private const int Threads = 16;
    private const int MaxConnections = 3;

    private readonly ConcurrentDictionary<TestConnection, int> _holders = new();
    private readonly TestPool _pool = new(new ThriftChannelOptions { MaxConnections = MaxConnections });

    [Fact]
    public void NoConnectionIsLentTwiceAndNobodyIsForgotten()
    {
        Race.Run(Threads, thread => Use(new Random(thread)));

        AllPlacesAreThere();
    }

    [Fact]
    public void CallersThatGiveUpTakeNothingWithThem()
    {
        Race.Run(Threads, thread =>
        {
            var random = new Random(thread);
            for (var round = 0; round < TestRun.Times(quick: 200, @long: 5_000); round++)
            {
                using var impatience = new CancellationTokenSource();
                var lease = _pool.LeaseUntilAsync(impatience.Token);
                Thread.SpinWait(random.Next(200));
                impatience.Cancel();
                lease.ContinueWith(static _ => { }, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default).Wait(TestContext.Current.CancellationToken);
                if (lease.IsCompletedSuccessfully)
                {
                    HoldAndReturn(lease.GetAwaiter().GetResult(), random);
                }
            }
        });

        AllPlacesAreThere();
    }

    [Fact]
    public void ThePoolMayBeClosedAtAnyTime()
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
                    Use(new Random(thread));
                }
            });
        });

        Assert.Equal(0, _pool.Open);
        Assert.True(_pool.Pool.DrainAsync().IsCompletedSuccessfully);
    }

    private void Use(Random random)
    {
        for (var call = 0; call < TestRun.Times(quick: 500, @long: 10_000); call++)
        {
            HoldAndReturn(_pool.LeaseAsync().GetAwaiter().GetResult(), random);
        }
    }

    private void HoldAndReturn(TestConnection connection, Random random)
    {
        Assert.False(connection.IsClosed);
        Assert.Equal(1, _holders.AddOrUpdate(connection, 1, static (_, holders) => holders + 1));
        Assert.InRange(_pool.Open, 1, MaxConnections);
        Thread.SpinWait(random.Next(50));
        var fate = random.Next(20);
        connection.HasDied = fate == 0;
        _holders.AddOrUpdate(connection, 0, static (_, holders) => holders - 1);
        _pool.Pool.Return(connection, reusable: fate != 1, answered: fate != 1);
    }

    private void AllPlacesAreThere()
    {
        Assert.InRange(_pool.Open, 0, MaxConnections);
        Assert.Equal(MaxConnections, _pool.LeaseNow(MaxConnections).Distinct().Count());
        Assert.Equal(MaxConnections, _pool.Open);
    }
}
