using System.Security.Cryptography.X509Certificates;
using Circuit.Example;
using Thrift;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Peers;

/// <summary>
/// Cases of Python servers beyond <see cref="PeerMatrixTests"/>: TLS, several services, and the original contract.
/// </summary>
public sealed class PythonPeerTests
{
    public static TheoryData<ThriftProtocol> Protocols { get; } = [.. Enum.GetValues<ThriftProtocol>()];

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Tls_EachKindOfCallWorks(ThriftProtocol protocol)
    {
        using var certificates = new Certificates();
        using var certificate = certificates.For("localhost");
        var file = Path.GetTempFileName();
        try
        {
            using var key = certificate.GetECDsaPrivateKey()!;
            await File.WriteAllTextAsync(file, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n", TestContext.Current.CancellationToken);
            var wireFormat = new WireFormat(ThriftTransport.Framed, protocol);
            await using var server = await ExternalPrograms.StartPythonCalculatorAsync(wireFormat, options: ["tls", file]);
            await AssertEachKindOfCallWorksAsync(server, wireFormat.At(server.Port) with { Tls = new ThriftTlsOptions { ServerName = "localhost", TrustedRoots = certificates.Roots } });
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task MultiplexedService_EachKindOfCallWorks(ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(ThriftTransport.Buffered, protocol);
        await using var server = await ExternalPrograms.StartPythonCalculatorAsync(wireFormat, options: ["multiplexed", "calculator"]);
        await AssertEachKindOfCallWorksAsync(server, wireFormat.At(server.Port) with { Service = "calculator" });
    }

    [Fact]
    public async Task AfterCancelledCall_EachCallGetsItsOwnReply()
    {
        await using var server = await ExternalPrograms.StartPythonCalculatorAsync(WireFormat.Default);
        await using var guarded = new Guarded(server.Port);
        await guarded.EchoAsync(1);

        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => guarded.Client.slow(300, cancellation.Token));

        await guarded.EchoAsync(1_000);
    }

    /// <summary>The server that the README starts also runs as a job without a terminal.</summary>
    [Fact]
    public async Task ServerWithoutInput_Serves()
    {
        await using var server = await ExternalPrograms.StartPythonMyServiceWithoutInputAsync(WireFormat.Default);
        await using var client = MyService.CircuitBreakerClient.Connect(WireFormat.Default.At(server.Port));
        for (var call = 1; call <= 20; call++)
        {
            Assert.True((await client.doSomething(new Request { Data = "Hello, world!" }, TestContext.Current.CancellationToken)).Success);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [InlineData(ThriftTransport.Buffered)]
    [InlineData(ThriftTransport.Framed)]
    public async Task KilledAndRestartedServer_OpensAndClosesCircuit(ThriftTransport transport)
    {
        var wireFormat = new WireFormat(transport, ThriftProtocol.Binary);
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var request = new Request { Data = "Hello, world!" };
        var server = await ExternalPrograms.StartPythonMyServiceAsync(wireFormat);
        var breaker = new CircuitBreaker(MyService.CircuitBreakerClient.DefaultOptions with { TimeProvider = clock });
        await using var client = MyService.CircuitBreakerClient.Connect(wireFormat.At(server.Port), new ThriftChannelOptions(), breaker);
        Assert.True((await client.doSomething(request, TestContext.Current.CancellationToken)).Success);

        await server.DisposeAsync();
        for (var call = 1; call <= 3; call++)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => client.doSomething(request, TestContext.Current.CancellationToken));
        }

        await Assert.ThrowsAsync<CircuitOpenException>(() => client.doSomething(request, TestContext.Current.CancellationToken));

        await using var restarted = await ExternalPrograms.StartPythonMyServiceAsync(wireFormat, server.Port);
        clock.Advance(breaker.Options.ResetTimeout);
        Assert.True((await client.doSomething(request, TestContext.Current.CancellationToken)).Success);
        Assert.Equal(CircuitState.Closed, breaker.State);
    }

    private static async Task AssertEachKindOfCallWorksAsync(PeerProcess server, ThriftEndpoint endpoint)
    {
        await using var guarded = new Guarded(endpoint);

        await Calls.MakeEachKindAsync(guarded.Client);
        await Assert.ThrowsAsync<TApplicationException>(() => guarded.Client.crash(TestContext.Current.CancellationToken));
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
        await guarded.Client.note($"sent to {endpoint}", TestContext.Current.CancellationToken);
        await server.PrintsAsync($"note sent to {endpoint}");
        await guarded.EchoAsync(10);
        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
    }
}
