using System.Net;
using System.Net.Security;
using Circuit.Calculators;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Connections;

/// <summary>
/// Idle connections that die without a sign: a power cut, a router that forgets them. One call fails, and not one for
/// each connection.
/// </summary>
public sealed class SilentDeathTests : IDisposable
{
    private const int Connections = 16;

    private readonly Certificates _certificates = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [MemberData(nameof(WireFormat.SingleWrite), MemberType = typeof(WireFormat))]
    public async Task SilencedConnections_CostOneCall(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        await using var server = CalculatorServer.Start(wireFormat);
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(wireFormat.At(proxy.Port));

        await AssertOneFailureAsync(guarded, server.Handler, proxy);
    }

    [Fact]
    public async Task SilencedConnections_WithTls_CostOneCall()
    {
        using var certificate = _certificates.For("localhost");
        await using var server = StreamServer.On(new IPEndPoint(IPAddress.Loopback, 0), out var bound, async stream =>
        {
            var encrypted = new SslStream(stream);
            await encrypted.AuthenticateAsServerAsync(certificate);
            return encrypted;
        });
        await using var proxy = new FaultInjectionProxy(((IPEndPoint)bound).Port);
        await using var guarded = new Guarded(
            WireFormat.Default.At(proxy.Port) with { Tls = new ThriftTlsOptions { ServerName = "localhost", TrustedRoots = _certificates.Roots } });

        await AssertOneFailureAsync(guarded, server.Handler, proxy);
    }

    [Fact]
    public async Task BrokenConnection_ClosesIdleOnes()
    {
        await using var server = CalculatorServer.Start();
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(proxy.Port);
        await KeepConnectionsAsync(guarded, server.Handler, proxy);
        proxy.NextFault = Fault.Close;

        await Assert.ThrowsAnyAsync<Thrift.Transport.TTransportException>(() => guarded.Client.echo("lost", Token));

        await Deadline.UntilAsync(() => proxy.OpenCount == 0, "every idle connection is closed");
        await guarded.EchoAsync(1);
        Assert.Equal(Connections + 1, proxy.AcceptedCount);
    }

    [Fact]
    public async Task IdempotentCall_OnSilentlyBrokenConnections_Succeeds()
    {
        await using var server = CalculatorServer.Start();
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var client = IdempotentCalculatorCircuitBreakerClient.Connect(WireFormat.Default.At(proxy.Port));
        await KeepConnectionsAsync(client, server.Handler, proxy);
        proxy.NextFault = Fault.Reset;

        Assert.Equal("sent", await client.echo("sent", Token));

        await Deadline.UntilAsync(() => proxy.OpenCount == 1, "every idle connection is closed");
        Assert.Equal(Connections + 1, proxy.AcceptedCount);
    }

    [Fact]
    public async Task SlowCall_KeepsConnectionsThatWork()
    {
        await using var server = CalculatorServer.Start();
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(proxy.Port);
        await guarded.EchoAsync(1);
        var slow = guarded.Client.slow(CalculatorHandler.UntilReleased, Token);
        await server.Handler.WaitForSlowCallAsync();
        await guarded.EchoAsync(1);

        await guarded.AdvanceUntilTimeoutAsync(slow);

        await Assert.ThrowsAsync<TimeoutException>(() => slow);
        await guarded.EchoAsync(1);
        Assert.Equal(2, proxy.AcceptedCount);
    }

    [Fact]
    public async Task CancelledCall_ClosesNoOtherConnection()
    {
        await using var server = CalculatorServer.Start();
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(proxy.Port);
        await KeepConnectionsAsync(guarded, server.Handler, proxy);
        using var caller = new CancellationTokenSource();
        var slow = guarded.Client.slow(60_000, caller.Token);
        await server.Handler.WaitForSlowCallAsync(Connections + 1);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
        await guarded.EchoAsync(Connections);
        Assert.Equal(Connections, proxy.AcceptedCount);
    }

    [Fact]
    public async Task OneOfSeveralServers_LosesItsConnectionsOnly()
    {
        await using var server = CalculatorServer.Start();
        await using var other = CalculatorServer.Start();
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var otherProxy = new FaultInjectionProxy(other.Port);
        var channel = new ThriftChannel([WireFormat.Default.At(proxy.Port), WireFormat.Default.At(otherProxy.Port)]);
        await using var client = Unprotected.Connect(channel);
        var calls = Enumerable.Range(0, Connections).Select(_ => client.slow(CalculatorHandler.UntilReleased, Token)).ToList();
        await Deadline.UntilAsync(() => server.Handler.SlowCalls + other.Handler.SlowCalls == Connections, "every call has reached a server");
        server.Handler.Release();
        other.Handler.Release();
        await Task.WhenAll(calls).WaitAsync(Deadline.Short, Token);
        Assert.Equal((Connections / 2, Connections / 2), (proxy.OpenCount, otherProxy.OpenCount));
        channel.Endpoints[1].CircuitBreaker.SetMode(CircuitMode.Isolated);
        proxy.NextFault = Fault.Close;

        await Assert.ThrowsAnyAsync<Thrift.Transport.TTransportException>(() => client.echo("lost", Token));

        await Deadline.UntilAsync(() => proxy.OpenCount == 0, "every idle connection is closed");
        Assert.Equal(Connections / 2, otherProxy.OpenCount);
    }

    private static async Task AssertOneFailureAsync(Guarded guarded, CalculatorHandler handler, FaultInjectionProxy proxy)
    {
        await KeepConnectionsAsync(guarded, handler, proxy);
        var outcomes = guarded.RecordOutcomes();
        proxy.SilenceConnections();

        var lost = guarded.Client.echo("lost", Token);
        await guarded.AdvanceUntilTimeoutAsync(lost);
        await Assert.ThrowsAsync<TimeoutException>(() => lost);
        await guarded.EchoAsync(Connections);

        Assert.Equal([CallOutcome.Failure, .. Enumerable.Repeat(CallOutcome.Success, Connections)], outcomes);
        Assert.Equal(Connections + 1, proxy.AcceptedCount);
        await Deadline.UntilAsync(() => proxy.OpenCount == 1, "every dead connection is closed");
    }

    /// <summary>Opens connections with concurrent calls, and waits until all of them are idle.</summary>
    private static Task KeepConnectionsAsync(Guarded guarded, CalculatorHandler handler, FaultInjectionProxy proxy) => KeepConnectionsAsync(guarded.Client, handler, proxy);

    private static async Task KeepConnectionsAsync(Calculator.IAsync client, CalculatorHandler handler, FaultInjectionProxy proxy)
    {
        var calls = Enumerable.Range(0, Connections).Select(_ => client.slow(CalculatorHandler.UntilReleased, Token)).ToList();
        await handler.WaitForSlowCallAsync(Connections);
        handler.Release();
        await Task.WhenAll(calls).WaitAsync(Deadline.Short, Token);
        Assert.Equal(Connections, proxy.OpenCount);
    }
}
