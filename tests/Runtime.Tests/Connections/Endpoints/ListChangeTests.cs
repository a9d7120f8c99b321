namespace ThriftBreaker.Runtime.Tests.Connections.Endpoints;

/// <summary>What a new list keeps, adds and lets go.</summary>
public sealed class ListChangeTests
{
    [Fact]
    public void OnesThatStayAreTheSame()
    {
        var test = new TestSet(endpoints: 3);
        test.Trip(2);
        var before = test.Endpoints;

        test.Set.Update([.. TestSet.Named(4).Skip(1)]);

        Assert.Equal([2, 3, 4], test.Endpoints.Select(static endpoint => endpoint.Endpoint.Port));
        Assert.Same(before[1], test.Endpoints[0]);
        Assert.Same(before[2], test.Endpoints[1]);
        Assert.Equal(CircuitState.Open, test[2].CircuitBreaker.State);
    }

    [Fact]
    public void OneThatIsNamedTwiceIsOne()
    {
        var test = new TestSet(endpoints: 1);
        test.Set.Update([.. TestSet.Named(2), .. TestSet.Named(2)]);

        Assert.Equal([1, 2], test.Endpoints.Select(static endpoint => endpoint.Endpoint.Port));
    }

    [Fact]
    public async Task OneThatHasLeftIsClosedWhenItsLastCallHasEnded()
    {
        var test = new TestSet(endpoints: 2);
        var leaving = test[1];
        Assert.True(leaving.TryTakeTurn(callTimeout: null, out var turn));

        test.Set.Update([.. TestSet.Named(2).Skip(1)]);

        Assert.False(leaving.TryTakeTurn(callTimeout: null, out _));
        Assert.Equal(1, leaving.ActiveCalls);
        Assert.False(await IsClosedAsync(leaving));
        TestSet.Succeed(turn);
        Assert.True(await IsClosedAsync(leaving));
    }

    [Fact]
    public async Task OneWithoutACallIsClosedAtOnce()
    {
        var test = new TestSet(endpoints: 2);
        var leaving = test[1];

        test.Set.Update([.. TestSet.Named(2).Skip(1)]);

        Assert.True(await IsClosedAsync(leaving));
        Assert.False(await IsClosedAsync(test[2]));
    }

    [Fact]
    public void AListThatIsNoneLeavesTheLastOneInForce()
    {
        var test = new TestSet(endpoints: 2);
        var before = test.Endpoints;

        Assert.Equal(
            "The list of endpoints is empty: name at least one server. (Parameter 'endpoints')",
            Assert.Throws<ArgumentException>("endpoints", () => test.Set.Update([])).Message);
        Assert.Throws<ArgumentException>("endpoints", () => test.Set.Update([null!]));

        Assert.Same(before, test.Endpoints);
    }

    [Fact]
    public async Task AfterTheEndThereIsNothing()
    {
        var test = new TestSet(endpoints: 2);
        test.Trip(1, 2);
        await test.Set.DrainAsync();

        Assert.Throws<ObjectDisposedException>(void () => test.Begin());
        test.Set.Update(TestSet.Named(3));
        Assert.Equal(2, test.Endpoints.Count);
    }

    /// <summary>Threads call while others change the list: no call gets an endpoint whose connections are closed.</summary>
    [Fact]
    public void NoCallIsGivenToOneThatHasBeenClosed()
    {
        var options = new ThriftChannelOptions { SlowStartWindow = TimeSpan.Zero };
        EndpointSet set = null!;
        Race.Run(
            threads: 3,
            rounds: 300,
            before: () =>
            {
                set = new EndpointSet(options);
                set.Update(TestSet.Named(2));
            },
            run: number =>
            {
                for (var step = 0; step < 20; step++)
                {
                    if (number == 0)
                    {
                        set.Update([new ThriftEndpoint("server", 1 + (step % 2))]);
                        continue;
                    }

                    var turn = set.TakeTurn(callTimeout: null);

                    // A connect that is cancelled before it begins; a closed pool would say so first.
                    var lease = turn.Server.LeaseAsync(new CancellationToken(canceled: true)).AsTask();
                    Assert.IsNotType<ObjectDisposedException>(lease.Exception?.InnerException);
                    TestSet.Succeed(turn);
                }
            },
            after: () => Assert.All(set.Endpoints, static endpoint => Assert.Equal(0, endpoint.ActiveCalls)));
    }

    private static async Task<bool> IsClosedAsync(ChannelEndpoint endpoint)
    {
        try
        {
            await endpoint.Connections.LeaseAsync(new CancellationToken(canceled: true));
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
