using System.Net;
using System.Net.Sockets;

namespace ThriftBreaker.Runtime.Tests.Connections.Endpoints;

/// <summary>The endpoints for the addresses of a host, and their periodic update.</summary>
public sealed class DnsEndpointSourceTests
{
    private static readonly ThriftEndpoint Orders = new("orders.internal", 9090) { Transport = ThriftTransport.Framed, Protocol = ThriftProtocol.Compact, Service = "orders" };

    private readonly TestClock _clock = new();
    private readonly List<string> _queries = [];
    private Func<IPAddress[]> _resolve = static () => [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2")];

    [Fact]
    public async Task EachAddress_IsAnEndpointWithTheSameSettings()
    {
        await using var lists = StartWatching(CreateSource(Orders));

        Assert.Equal(
            [Orders.WithAddress(IPAddress.Parse("10.0.0.1")), Orders.WithAddress(IPAddress.Parse("10.0.0.2"))],
            await NextAsync(lists));
        Assert.Equal("10.0.0.1:9090 (framed, compact, service orders)", lists.Current[0].ToString());
        Assert.Equal(["orders.internal, Unspecified"], _queries);
    }

    [Fact]
    public async Task Name_IsResolvedAgainAfterRefreshInterval()
    {
        await using var lists = StartWatching(CreateSource(Orders, refreshInterval: TimeSpan.FromMinutes(2)));
        await NextAsync(lists);
        _resolve = static () => [IPAddress.IPv6Loopback];
        var next = lists.MoveNextAsync().AsTask();
        await _clock.TimerSetAsync(TimeSpan.FromMinutes(2));
        _clock.Advance(TimeSpan.FromMinutes(2) - TimeSpan.FromTicks(1));
        Assert.Single(_queries);

        _clock.Advance(TimeSpan.FromTicks(1));
        await Eventually.CompletesAsync(next);

        Assert.Equal(["[::1]:9090 (framed, compact, service orders)"], lists.Current.Select(static endpoint => endpoint.ToString()));
    }

    [Fact]
    public async Task ResolveFailsLater_KeepsLastAddresses()
    {
        await using var channel = new ThriftChannel(CreateSource(Orders), new ThriftChannelOptions { TimeProvider = _clock, ConnectTimeout = TimeSpan.FromSeconds(7) });
        await BeginCallAsync(channel);
        _resolve = static () => throw new SocketException((int)SocketError.TryAgain);
        await _clock.TimerSetAsync(TimeSpan.FromSeconds(30));
        _clock.Advance(TimeSpan.FromSeconds(30));

        await _clock.TimerSetAsync(TimeSpan.FromSeconds(5));
        Assert.IsType<SocketException>(channel.SourceException);
        Assert.Equal(2, channel.Endpoints.Count);

        _resolve = static () => [IPAddress.Parse("10.0.0.3")];
        _clock.Advance(TimeSpan.FromSeconds(5));
        await _clock.TimerSetAsync(TimeSpan.FromSeconds(30));
        Assert.Null(channel.SourceException);
        Assert.Equal("10.0.0.3", Assert.Single(channel.Endpoints).Endpoint.Host);
    }

    [Fact]
    public async Task ResolveFailsFirst_FailsTheCallWithTheName()
    {
        _resolve = static () => throw new SocketException((int)SocketError.HostNotFound);
        await using var channel = new ThriftChannel(CreateSource(Orders));

        var error = await Assert.ThrowsAsync<Thrift.Transport.TTransportException>(() => BeginCallAsync(channel));

        Assert.StartsWith("No endpoints from the addresses of orders.internal:9090 (framed, compact, service orders): ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddressFamily_LimitsTheQuery()
    {
        await using var lists = StartWatching(new DnsEndpointSource(Orders) { Resolve = Resolve, AddressFamily = AddressFamily.InterNetwork });
        await NextAsync(lists);

        Assert.Equal(["orders.internal, InterNetwork"], _queries);
    }

    [Fact]
    public void Tls_ServerName_IsTheHostName()
    {
        var address = IPAddress.Parse("10.0.0.1");

        Assert.Equal("orders.internal", (Orders with { Tls = new ThriftTlsOptions() }).WithAddress(address).Tls?.ServerName);
        Assert.Equal("other", (Orders with { Tls = new ThriftTlsOptions { ServerName = "other" } }).WithAddress(address).Tls?.ServerName);
        Assert.Null(Orders.WithAddress(address).Tls);
    }

    [Fact]
    public async Task Resolve_ByDefault_UsesTheSystem()
    {
        await using var lists = StartWatching(new DnsEndpointSource(new ThriftEndpoint("127.0.0.1", 9090)));

        Assert.Equal([new ThriftEndpoint("127.0.0.1", 9090)], await NextAsync(lists));
    }

    [Fact]
    public void InvalidArguments_Throw()
    {
        Assert.Throws<ArgumentNullException>("endpoint", static () => new DnsEndpointSource(null!));
        Assert.Contains(
            "not unix:/run/orders.sock (buffered, binary)",
            Assert.Throws<ArgumentException>("endpoint", static () => new DnsEndpointSource(ThriftEndpoint.Unix("/run/orders.sock"))).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("RefreshInterval", static () => new DnsEndpointSource(Orders) { RefreshInterval = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>("RefreshInterval", static () => new DnsEndpointSource(Orders) { RefreshInterval = TimeSpan.FromDays(25) });
        Assert.Throws<ArgumentNullException>("TimeProvider", static () => new DnsEndpointSource(Orders) { TimeProvider = null! });
    }

    private DnsEndpointSource CreateSource(ThriftEndpoint endpoint, TimeSpan? refreshInterval = null)
        => new(endpoint) { Resolve = Resolve, TimeProvider = _clock, RefreshInterval = refreshInterval ?? new DnsEndpointSource(endpoint).RefreshInterval };

    private Task<IPAddress[]> Resolve(string host, AddressFamily family, CancellationToken cancellationToken)
    {
        lock (_queries)
        {
            _queries.Add($"{host}, {family}");
        }

        return Task.FromResult(_resolve());
    }

    private static IAsyncEnumerator<IReadOnlyList<ThriftEndpoint>> StartWatching(DnsEndpointSource source)
        => source.WatchAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

    private static async Task<IReadOnlyList<ThriftEndpoint>> NextAsync(IAsyncEnumerator<IReadOnlyList<ThriftEndpoint>> lists)
    {
        Assert.True(await Eventually.CompletesAsync(lists.MoveNextAsync().AsTask()));
        return lists.Current;
    }

    private static async Task BeginCallAsync(ThriftChannel channel)
        => (await Eventually.CompletesAsync(channel.BeginCallAsync(callTimeout: null, CancellationToken.None).AsTask())).End();
}
