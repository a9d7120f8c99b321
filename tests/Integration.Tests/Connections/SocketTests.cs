using System.Net;
using Circuit.Calculators;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Connections;

/// <summary>
/// A channel closes all its sockets. Not run in parallel: the tests count the sockets of the process.
/// </summary>
[Collection(nameof(NonParallel))]
public sealed class SocketTests
{
    private const int Callers = 20;

    [Fact]
    public async Task Dispose_LeavesNoSocket()
    {
        await using var server = CalculatorServer.Start();
        var before = await GetStableSocketCountAsync();
        var client = Unprotected.Connect(new ThriftChannel(WireFormat.Default.At(server.Port), new ThriftChannelOptions { DrainTimeout = TimeSpan.FromMilliseconds(50) }));
        var calls = Enumerable.Range(0, Callers).Select(_ => client.slow(CalculatorHandler.UntilReleased, TestContext.Current.CancellationToken)).ToArray();
        await server.Handler.WaitForSlowCallAsync(Callers);
        await client.echo("one more, which leaves an idle connection", TestContext.Current.CancellationToken);
        Assert.Equal(before + (2 * (Callers + 1)), Sockets.Count()); // Both ends are in this process.

        await client.DisposeAsync();

        foreach (var call in calls)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => call.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        }

        server.Handler.Release();
        await Deadline.UntilAsync(() => Sockets.Count() <= before, "every socket is closed");
    }

    [Theory]
    [InlineData(Fault.Close)]
    [InlineData(Fault.Reset)]
    [InlineData(Fault.Garbage)]
    [InlineData(Fault.HalfReplyThenClose)]
    public async Task FailedCalls_LeaveNoSocket(Fault fault)
    {
        await using var server = CalculatorServer.Start();
        await using var proxy = new FaultInjectionProxy(server.Port);
        var before = await GetStableSocketCountAsync();
        await using (var client = Unprotected.Connect(new ThriftChannel(WireFormat.Default.At(proxy.Port))))
        {
            for (var call = 0; call < 50; call++)
            {
                proxy.NextFault = fault;
                await Assert.ThrowsAnyAsync<Exception>(() => client.echo("lost", TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
            }
        }

        await Deadline.UntilAsync(() => Sockets.Count() <= before, "every socket is closed");
    }

    [Fact]
    public async Task FailedConnects_LeaveNoSocket()
    {
        int port;
        await using (var server = CalculatorServer.Start())
        {
            port = server.Port;
        }

        using var hole = await BlackHole.CreateAsync();
        var before = await GetStableSocketCountAsync();
        await using var refused = Unprotected.Connect(new ThriftChannel(WireFormat.Default.At(port)));
        await using var lost = Unprotected.Connect(new ThriftChannel(WireFormat.Default.At(hole.Port), new ThriftChannelOptions { ConnectTimeout = TimeSpan.FromMilliseconds(1) }));
        await using var lostName = Unprotected.Connect(new ThriftChannel(
            new ThriftEndpoint("orders.internal", hole.Port),
            new ThriftChannelOptions { ConnectTimeout = TimeSpan.FromMilliseconds(300), ResolveHost = static (_, _) => Task.FromResult<IPAddress[]>([IPAddress.IPv6Loopback, IPAddress.Loopback, IPAddress.Loopback]) }));
        await Assert.ThrowsAsync<TimeoutException>(() => lostName.ping(TestContext.Current.CancellationToken));
        for (var call = 0; call < 50; call++)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => refused.ping(TestContext.Current.CancellationToken));
            await Assert.ThrowsAsync<TimeoutException>(() => lost.ping(TestContext.Current.CancellationToken));
        }

        await Deadline.UntilAsync(() => Sockets.Count() <= before, "every socket is closed");
    }

    /// <summary>Gets the number of sockets after those of earlier tests are closed.</summary>
    private static async Task<int> GetStableSocketCountAsync()
    {
        Sockets.SkipUnlessCountable();
        int count;
        do
        {
            count = Sockets.Count();
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        while (Sockets.Count() != count);

        return count;
    }
}
