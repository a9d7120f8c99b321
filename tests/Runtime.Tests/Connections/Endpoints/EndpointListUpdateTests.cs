namespace ThriftBreaker.Runtime.Tests.Connections.Endpoints;

/// <summary>The endpoints that a new list keeps, adds and removes.</summary>
public sealed class EndpointListUpdateTests
{
    [Fact]
    public void KeptEndpoints_AreTheSameObjects()
    {
        var test = new TestLoadBalancer(endpoints: 3);
        test.Trip(2);
        var before = test.Endpoints;

        test.LoadBalancer.Update([.. TestLoadBalancer.CreateEndpoints(4).Skip(1)]);

        Assert.Equal([2, 3, 4], test.Endpoints.Select(static endpoint => endpoint.Endpoint.Port));
        Assert.Same(before[1], test.Endpoints[0]);
        Assert.Same(before[2], test.Endpoints[1]);
        Assert.Equal(CircuitState.Open, test[2].CircuitBreaker.State);
    }

    [Fact]
    public void DuplicateEndpoint_CountsOnce()
    {
        var test = new TestLoadBalancer(endpoints: 1);
        test.LoadBalancer.Update([.. TestLoadBalancer.CreateEndpoints(2), .. TestLoadBalancer.CreateEndpoints(2)]);

        Assert.Equal([1, 2], test.Endpoints.Select(static endpoint => endpoint.Endpoint.Port));
    }

    [Fact]
    public async Task RemovedEndpoint_IsClosedAfterItsLastCall()
    {
        var test = new TestLoadBalancer(endpoints: 2);
        var removed = test[1];
        Assert.True(removed.TryBeginCall(callTimeout: null, out var call));

        test.LoadBalancer.Update([.. TestLoadBalancer.CreateEndpoints(2).Skip(1)]);

        Assert.False(removed.TryBeginCall(callTimeout: null, out _));
        Assert.Equal(1, removed.ActiveCalls);
        Assert.False(await IsClosedAsync(removed));
        TestLoadBalancer.Succeed(call);
        Assert.True(await IsClosedAsync(removed));
    }

    [Fact]
    public async Task RemovedEndpoint_WithoutCalls_IsClosedAtOnce()
    {
        var test = new TestLoadBalancer(endpoints: 2);
        var removed = test[1];

        test.LoadBalancer.Update([.. TestLoadBalancer.CreateEndpoints(2).Skip(1)]);

        Assert.True(await IsClosedAsync(removed));
        Assert.False(await IsClosedAsync(test[2]));
    }

    [Fact]
    public void InvalidList_KeepsLastList()
    {
        var test = new TestLoadBalancer(endpoints: 2);
        var before = test.Endpoints;

        Assert.Equal(
            "The list of endpoints is empty: name at least one server. (Parameter 'endpoints')",
            Assert.Throws<ArgumentException>("endpoints", () => test.LoadBalancer.Update([])).Message);
        Assert.Throws<ArgumentException>("endpoints", () => test.LoadBalancer.Update([null!]));

        Assert.Same(before, test.Endpoints);
    }

    [Fact]
    public async Task AfterDrain_CallsAndUpdatesHaveNoEffect()
    {
        var test = new TestLoadBalancer(endpoints: 2);
        test.Trip(1, 2);
        await test.LoadBalancer.DrainAsync();

        Assert.Throws<ObjectDisposedException>(void () => test.Begin());
        test.LoadBalancer.Update(TestLoadBalancer.CreateEndpoints(3));
        Assert.Equal(2, test.Endpoints.Count);
    }

    /// <summary>
    /// Threads call while others change the list: no call gets an endpoint whose connections are closed.
    /// </summary>
    [Fact]
    public void ConcurrentUpdates_NoCallGetsClosedEndpoint()
    {
        var options = new ThriftChannelOptions { SlowStartWindow = TimeSpan.Zero };
        LoadBalancer loadBalancer = null!;
        Race.Run(
            threads: 3,
            rounds: 300,
            before: () =>
            {
                loadBalancer = new LoadBalancer(options);
                loadBalancer.Update(TestLoadBalancer.CreateEndpoints(2));
            },
            run: number =>
            {
                for (var step = 0; step < 20; step++)
                {
                    if (number == 0)
                    {
                        loadBalancer.Update([new ThriftEndpoint("server", 1 + (step % 2))]);
                        continue;
                    }

                    var call = loadBalancer.BeginCall(callTimeout: null);

                    // The connect attempt is cancelled before it begins. A closed pool would throw
                    // ObjectDisposedException.
                    var acquire = call.Server.AcquireAsync(new CancellationToken(canceled: true)).AsTask();
                    Assert.IsNotType<ObjectDisposedException>(acquire.Exception?.InnerException);
                    TestLoadBalancer.Succeed(call);
                }
            },
            after: () => Assert.All(loadBalancer.Endpoints, static endpoint => Assert.Equal(0, endpoint.ActiveCalls)));
    }

    private static async Task<bool> IsClosedAsync(ChannelEndpoint endpoint)
    {
        try
        {
            await endpoint.Connections.AcquireAsync(new CancellationToken(canceled: true));
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
