using System.Net;
using System.Net.Sockets;

namespace ThriftBreaker.Runtime.Tests.Connections.Endpoints;

/// <summary>The addresses of a host, as they are and as they become.</summary>
public sealed class DnsEndpointSourceTests
{
    private static readonly ThriftEndpoint Orders = new("orders.internal", 9090) { Transport = ThriftTransport.Framed, Protocol = ThriftProtocol.Compact, Service = "orders" };

    private readonly TestClock _clock = new();
    private readonly List<string> _asked = [];
    private Func<IPAddress[]> _answer = static () => [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2")];

    [Fact]
    public async Task EachAddressIsAnEndpointThatIsSpokenToAlike()
    {
        await using var lists = Watch(Of(Orders));

        Assert.Equal(
            [Orders.At(IPAddress.Parse("10.0.0.1")), Orders.At(IPAddress.Parse("10.0.0.2"))],
            await NextAsync(lists));
        Assert.Equal("10.0.0.1:9090 (framed, compact, service orders)", lists.Current[0].ToString());
        Assert.Equal(["orders.internal, Unspecified"], _asked);
    }

    [Fact]
    public async Task TheNameIsResolvedAgainOnSchedule()
    {
        await using var lists = Watch(Of(Orders, refreshInterval: TimeSpan.FromMinutes(2)));
        await NextAsync(lists);
        _answer = static () => [IPAddress.IPv6Loopback];
        var next = lists.MoveNextAsync().AsTask();
        await _clock.TimerAsync(TimeSpan.FromMinutes(2));
        _clock.Advance(TimeSpan.FromMinutes(2) - TimeSpan.FromTicks(1));
        Assert.Single(_asked);

        _clock.Advance(TimeSpan.FromTicks(1));
        await Eventually.EndsAsync(next);

        Assert.Equal(["[::1]:9090 (framed, compact, service orders)"], lists.Current.Select(static endpoint => endpoint.ToString()));
    }

    [Fact]
    public async Task ANameThatCannotBeResolvedAnyMoreLeavesTheLastAddressesInForce()
    {
        await using var channel = new ThriftChannel(Of(Orders), new ThriftChannelOptions { TimeProvider = _clock, ConnectTimeout = TimeSpan.FromSeconds(7) });
        await TakeTurnAsync(channel);
        _answer = static () => throw new SocketException((int)SocketError.TryAgain);
        await _clock.TimerAsync(TimeSpan.FromSeconds(30));
        _clock.Advance(TimeSpan.FromSeconds(30));

        await _clock.TimerAsync(TimeSpan.FromSeconds(5));
        Assert.IsType<SocketException>(channel.SourceFailure);
        Assert.Equal(2, channel.Endpoints.Count);

        _answer = static () => [IPAddress.Parse("10.0.0.3")];
        _clock.Advance(TimeSpan.FromSeconds(5));
        await _clock.TimerAsync(TimeSpan.FromSeconds(30));
        Assert.Null(channel.SourceFailure);
        Assert.Equal("10.0.0.3", Assert.Single(channel.Endpoints).Endpoint.Host);
    }

    [Fact]
    public async Task ANameThatCannotBeResolvedAtAllIsNamed()
    {
        _answer = static () => throw new SocketException((int)SocketError.HostNotFound);
        await using var channel = new ThriftChannel(Of(Orders));

        var error = await Assert.ThrowsAsync<Thrift.Transport.TTransportException>(() => TakeTurnAsync(channel));

        Assert.StartsWith("No endpoints from the addresses of orders.internal:9090 (framed, compact, service orders): ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnlyTheFamilyThatIsWantedIsAskedFor()
    {
        await using var lists = Watch(new DnsEndpointSource(Orders) { Resolve = Resolve, AddressFamily = AddressFamily.InterNetwork });
        await NextAsync(lists);

        Assert.Equal(["orders.internal, InterNetwork"], _asked);
    }

    [Fact]
    public void ACertificateMustStillCarryTheHostsName()
    {
        var address = IPAddress.Parse("10.0.0.1");

        Assert.Equal("orders.internal", (Orders with { Tls = new ThriftTlsOptions() }).At(address).Tls?.ServerName);
        Assert.Equal("other", (Orders with { Tls = new ThriftTlsOptions { ServerName = "other" } }).At(address).Tls?.ServerName);
        Assert.Null(Orders.At(address).Tls);
    }

    [Fact]
    public async Task TheSystemIsAskedWhereNobodyElseIs()
    {
        await using var lists = Watch(new DnsEndpointSource(new ThriftEndpoint("127.0.0.1", 9090)));

        Assert.Equal([new ThriftEndpoint("127.0.0.1", 9090)], await NextAsync(lists));
    }

    [Fact]
    public void WhatCannotBeIsNamed()
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

    private DnsEndpointSource Of(ThriftEndpoint endpoint, TimeSpan? refreshInterval = null)
        => new(endpoint) { Resolve = Resolve, TimeProvider = _clock, RefreshInterval = refreshInterval ?? new DnsEndpointSource(endpoint).RefreshInterval };

    private Task<IPAddress[]> Resolve(string host, AddressFamily family, CancellationToken cancellationToken)
    {
        lock (_asked)
        {
            _asked.Add($"{host}, {family}");
        }

        return Task.FromResult(_answer());
    }

    private static IAsyncEnumerator<IReadOnlyList<ThriftEndpoint>> Watch(DnsEndpointSource source)
        => source.WatchAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

    private static async Task<IReadOnlyList<ThriftEndpoint>> NextAsync(IAsyncEnumerator<IReadOnlyList<ThriftEndpoint>> lists)
    {
        Assert.True(await Eventually.EndsAsync(lists.MoveNextAsync().AsTask()));
        return lists.Current;
    }

    private static async Task TakeTurnAsync(ThriftChannel channel)
        => (await Eventually.EndsAsync(channel.TakeTurnAsync(callTimeout: null, CancellationToken.None).AsTask())).End();
}
