using System.Net;
using System.Net.Sockets;
using Circuit.Calculators;
using Thrift.Transport;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Connections;

/// <summary>Names and addresses of hosts, and the options of sockets.</summary>
public sealed class HostTests
{
    private static readonly IPAddress OtherLoopback = IPAddress.Parse("127.0.0.2");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FirstAddressDropsPackets_NextIsUsed()
    {
        SkipUnlessManyLoopbackAddresses();
        await using var server = CalculatorServer.Start();
        using var hole = await BlackHole.CreateAsync(OtherLoopback, server.Port);

        // On the system's clock: the second attempt starts after 250 ms.
        var options = Resolving(OtherLoopback, IPAddress.Loopback) with { ConnectTimeout = Deadline.Long };
        await using var client = Unprotected.Connect(new ThriftChannel(new ThriftEndpoint("orders.internal", server.Port), options));

        Assert.Equal("text", await client.echo("text", Token).WaitAsync(Deadline.Short, Token));
    }

    [Fact]
    public async Task FirstAddressRefuses_NextIsUsedAtOnce()
    {
        SkipUnlessManyLoopbackAddresses();
        await using var server = CalculatorServer.Start();
        await using var guarded = new Guarded(new ThriftEndpoint("orders.internal", server.Port), Resolving(IPAddress.IPv6Loopback, OtherLoopback, IPAddress.Loopback));

        await guarded.EchoAsync(2);

        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task AllAddressesRefuse_MessageHasAllReasons()
    {
        SkipUnlessManyLoopbackAddresses();
        int port;
        await using (var server = CalculatorServer.Start())
        {
            port = server.Port;
        }

        await using var guarded = new Guarded(new ThriftEndpoint("orders.internal", port), Resolving(OtherLoopback, IPAddress.Loopback));

        var error = await Assert.ThrowsAsync<TTransportException>(() => guarded.Client.ping(Token).WaitAsync(Deadline.Short, Token));

        Assert.Equal(TTransportException.ExceptionType.NotOpen, error.Type);
        Assert.Equal(
            $"No connection to orders.internal:{port} (buffered, binary): 127.0.0.2: Connection refused; 127.0.0.1: Connection refused. Check that the server runs and listens there.",
            error.Message);
        Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(error.InnerException).SocketErrorCode);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task NoAddressAnswers_TimeoutNamesThem()
    {
        using var hole = await BlackHole.CreateAsync();
        await using var guarded = new Guarded(new ThriftEndpoint("orders.internal", hole.Port), Resolving(IPAddress.Loopback, IPAddress.Loopback));
        var call = guarded.Client.ping(Token);
        await guarded.AdvanceUntilTimeoutAsync(call);

        var error = await Assert.ThrowsAsync<TimeoutException>(() => call);

        Assert.Contains("within the ConnectTimeout of 5 s. None of its addresses has answered (127.0.0.1, 127.0.0.1).", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NameIsNotResolved_ConnectTimeoutApplies()
    {
        await using var guarded = new Guarded(
            new ThriftEndpoint("orders.internal", 9090), new ThriftChannelOptions { ResolveHost = static (_, _) => new TaskCompletionSource<IPAddress[]>().Task });
        var call = guarded.Client.ping(Token);
        await guarded.AdvanceUntilTimeoutAsync(call);

        var error = await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Contains("within the ConnectTimeout of 5 s. The host's name has not been resolved", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task Address_IsNotResolved(string host)
    {
        await using var server = CalculatorServer.Start();
        await using var guarded = new Guarded(
            new ThriftEndpoint(host, server.Port), new ThriftChannelOptions { ResolveHost = static (name, _) => throw new InvalidOperationException($"{name} is resolved.") });

        await guarded.EchoAsync(2);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(7)]
    public async Task KeepAlive_IsThatOfTheOptions(int? seconds)
    {
        await using var server = CalculatorServer.Start();
        var values = new Dictionary<string, int>();
        var options = new ThriftChannelOptions { ConfigureSocket = socket => Read(socket, values) };
        await using var guarded = new Guarded(
            server.Port,
            options: seconds is null ? options : options with { TcpKeepAliveTime = TimeSpan.FromSeconds(seconds.Value), TcpKeepAliveInterval = TimeSpan.FromSeconds(1.2), TcpKeepAliveRetryCount = 4 });

        await guarded.EchoAsync(1);

        Assert.Equal(seconds == 0 ? 0 : 1, values["keepalive"]);
        if (seconds != 0)
        {
            Assert.Equal(seconds is null ? (30, 5, 3) : (7, 2, 4), (values["time"], values["interval"], values["count"]));
        }

        if (OperatingSystem.IsLinux())
        {
            Assert.Equal(seconds switch { 0 => 0, null => 45_000, _ => 11_800 }, values["user timeout"]);
        }
    }

    [Fact]
    public async Task ConfigureSocket_RunsForEachNewSocket()
    {
        await using var server = CalculatorServer.Start();
        var sockets = new List<Socket>();
        await using var guarded = new Guarded(server.Port, options: new ThriftChannelOptions
        {
            ConnectionPerCall = true,
            ConfigureSocket = socket =>
            {
                Assert.False(socket.Connected);
                socket.NoDelay = false;
                sockets.Add(socket);
            },
        });

        await guarded.EchoAsync(3);

        Assert.Equal(3, sockets.Distinct().Count());
    }

    [Fact]
    public async Task ConfigureSocket_RunsForUnixSocket()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.sock");
        await using var server = StreamServer.On(new UnixDomainSocketEndPoint(path), out _);
        AddressFamily? family = null;
        await using var guarded = new Guarded(ThriftEndpoint.Unix(path), new ThriftChannelOptions { ConfigureSocket = socket => family = socket.AddressFamily });

        await guarded.EchoAsync(1);

        Assert.Equal(AddressFamily.Unix, family);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("orders.internal")]
    public async Task ConfigureSocketThrows_ErrorNamesEndpoint(string host)
    {
        await using var server = CalculatorServer.Start();
        var calls = 0;
        var options = Resolving(IPAddress.Loopback, IPAddress.Loopback) with
        {
            ConfigureSocket = _ =>
            {
                calls++;
                throw new SocketException((int)SocketError.AddressAlreadyInUse);
            },
        };
        await using var guarded = new Guarded(new ThriftEndpoint(host, server.Port), options);

        var error = await Assert.ThrowsAsync<TTransportException>(() => guarded.Client.ping(Token).WaitAsync(Deadline.Short, Token));

        Assert.Equal(TTransportException.ExceptionType.NotOpen, error.Type);
        Assert.Equal(
            $"No connection to {host}:{server.Port} (buffered, binary): {error.InnerException?.Message}. ConfigureSocket has failed.", error.Message);
        Assert.Equal(SocketError.AddressAlreadyInUse, Assert.IsType<SocketException>(error.InnerException).SocketErrorCode);
        Assert.Equal((1, 1), (calls, guarded.CircuitBreaker.FailureCount));
    }

    [Fact]
    public async Task ConfigureSocketSucceedsAfterConnectTimeout_CallFails()
    {
        await using var server = CalculatorServer.Start();
        Guarded? late = null;
        await using var guarded = late = new Guarded(
            server.Port, options: new ThriftChannelOptions { ConfigureSocket = _ => late!.Clock.Advance(new ThriftChannelOptions().ConnectTimeout) });

        var error = await Assert.ThrowsAsync<TimeoutException>(() => guarded.Client.ping(Token).WaitAsync(Deadline.Short, Token));

        Assert.Contains("within the ConnectTimeout of 5 s", error.Message, StringComparison.Ordinal);
    }

    private static ThriftChannelOptions Resolving(params IPAddress[] addresses) => new() { ResolveHost = (_, _) => Task.FromResult(addresses) };

    private static void Read(Socket socket, Dictionary<string, int> values)
    {
        values["keepalive"] = (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)! != 0 ? 1 : 0;
        values["time"] = (int)socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime)!;
        values["interval"] = (int)socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval)!;
        values["count"] = (int)socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount)!;
        if (OperatingSystem.IsLinux())
        {
            var userTimeout = new byte[sizeof(int)];
            socket.GetRawSocketOption(optionLevel: 6, optionName: 18, userTimeout);
            values["user timeout"] = BitConverter.ToInt32(userTimeout);
        }
    }

    private static void SkipUnlessManyLoopbackAddresses()
        => Assert.SkipWhen(OperatingSystem.IsMacOS(), "127.0.0.2 is no address of this system.");
}
