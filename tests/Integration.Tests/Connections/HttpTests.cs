using System.Net;
using System.Net.Sockets;
using System.Text;
using Thrift;
using Thrift.Transport;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Connections;

/// <summary>Calls over HTTP, with a shared <see cref="HttpClient"/>.</summary>
public sealed class HttpTests : IDisposable
{
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(5) };

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData(ThriftProtocol.Binary)]
    [InlineData(ThriftProtocol.Compact)]
    [InlineData(ThriftProtocol.Json)]
    public async Task EachKindOfCall_Works(ThriftProtocol protocol)
    {
        await using var server = new HttpServer(protocol);
        await using var guarded = new Guarded(ThriftEndpoint.Http(server.Address, _client) with { Protocol = protocol });

        await Calls.MakeEachKindAsync(guarded.Client);
        await guarded.Client.note("oneway", TestContext.Current.CancellationToken);
        await guarded.EchoAsync(10);
        await guarded.EchoAsync(1, new string('x', 1_000_000));

        Assert.Equal("application/x-thrift", server.ContentType);
        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task HttpClient_IsNeitherChangedNorDisposed()
    {
        await using var server = new HttpServer();
        await using (var guarded = new Guarded(ThriftEndpoint.Http(server.Address, _client)))
        {
            await guarded.EchoAsync(2);
        }

        Assert.Equal((null, TimeSpan.FromMinutes(5), 0), (_client.BaseAddress, _client.Timeout, _client.DefaultRequestHeaders.Count()));
        await using var next = new Guarded(ThriftEndpoint.Http(server.Address, _client));
        await next.EchoAsync(2);
    }

    [Theory]
    [InlineData(HttpStatusCode.Found)] // Without a Location header, so it is not followed.
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task ErrorStatus_IsAFailureAndNextCallWorks(HttpStatusCode status)
    {
        await using var server = new HttpServer { Status = status, Body = Encoding.UTF8.GetBytes("<html>a page</html>") };
        await using var guarded = new Guarded(ThriftEndpoint.Http(server.Address, _client));

        var error = await Assert.ThrowsAsync<TTransportException>(() => guarded.Client.ping(TestContext.Current.CancellationToken));

        Assert.Equal(status, Assert.IsType<HttpRequestException>(error.InnerException).StatusCode);
        Assert.StartsWith($"No reply from {server.Address} (binary): ", error.Message, StringComparison.Ordinal);
        Assert.Equal((1, 1), (guarded.CircuitBreaker.FailureCount, server.Requests));
        (server.Status, server.Body) = (HttpStatusCode.OK, null);
        await guarded.EchoAsync(2);
    }

    [Fact]
    public async Task RefusedConnection_NamesTheAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await using var guarded = new Guarded(ThriftEndpoint.Http(new Uri($"http://127.0.0.1:{port}/"), _client));

        var error = await Assert.ThrowsAsync<TTransportException>(() => guarded.Client.ping(TestContext.Current.CancellationToken));

        Assert.Contains($"http://127.0.0.1:{port}/ (binary)", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task NonThriftResponse_IsAFailure()
    {
        await using var server = new HttpServer();
        await using var guarded = new Guarded(ThriftEndpoint.Http(server.Address, _client));

        foreach (var body in new[] { "<html>a page</html>", "" })
        {
            server.Body = Encoding.UTF8.GetBytes(body);
            var error = await Assert.ThrowsAnyAsync<TException>(() => guarded.Client.ping(TestContext.Current.CancellationToken));
            Assert.Contains($"{server.Address} (binary)", error.Message, StringComparison.Ordinal);
            Assert.Contains("Check the server, and that it uses this transport and protocol", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(2, guarded.CircuitBreaker.FailureCount);
        server.Body = null;
        await guarded.EchoAsync(2);
    }

    [Fact]
    public async Task OversizedReply_IsAFailureAndNextCallWorks()
    {
        await using var server = new HttpServer();
        await using var guarded = new Guarded(ThriftEndpoint.Http(server.Address, _client), new ThriftChannelOptions { MaxMessageSize = 4_096 });

        var error = await Assert.ThrowsAsync<TTransportException>(() => guarded.Client.echo(new string('x', 10_000), TestContext.Current.CancellationToken));

        Assert.Equal(TTransportException.ExceptionType.MessageSizeLimit, error.Type);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
        await guarded.EchoAsync(20, new string('x', 900));
    }

    [Fact]
    public async Task SlowServer_TimeoutNamesSettingAndAddress()
    {
        await using var server = new HttpServer();
        await using var guarded = new Guarded(ThriftEndpoint.Http(server.Address, _client));
        var outcomes = guarded.RecordOutcomes();
        var call = guarded.Client.slow(CalculatorHandler.UntilReleased, TestContext.Current.CancellationToken);
        await server.Handler.WaitForSlowCallAsync();
        await guarded.AdvanceUntilTimeoutAsync(call);

        var error = await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Contains($"No reply from {server.Address} (binary) within the CallTimeout of 10 s", error.Message, StringComparison.Ordinal);
        Assert.Equal([CallOutcome.Failure], outcomes);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
        server.Handler.Release();
        await guarded.EchoAsync(5);
    }

    [Fact]
    public async Task HttpClientTimeout_IsATimeoutException()
    {
        using var shortTimeoutClient = new HttpClient { Timeout = TimeSpan.FromMilliseconds(200) };
        await using var server = new HttpServer();
        await using var guarded = new Guarded(ThriftEndpoint.Http(server.Address, shortTimeoutClient));

        var error = await Assert.ThrowsAsync<TimeoutException>(() => guarded.Client
            .slow(CalculatorHandler.UntilReleased, TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));

        Assert.Contains("within the HttpClient's Timeout of 0.2 s", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
        server.Handler.Release();
    }

    [Fact]
    public async Task CancelledCall_HasCallersToken()
    {
        await using var server = new HttpServer();
        await using var guarded = new Guarded(ThriftEndpoint.Http(server.Address, _client));
        var outcomes = guarded.RecordOutcomes();
        using var cancellation = new CancellationTokenSource();
        var call = guarded.Client.slow(CalculatorHandler.UntilReleased, cancellation.Token);
        await server.Handler.WaitForSlowCallAsync();

        await cancellation.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        Assert.Equal(cancellation.Token, error.CancellationToken);
        Assert.Equal([CallOutcome.Cancelled], outcomes);
        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
        server.Handler.Release();
        await guarded.EchoAsync(5);
    }

    [Fact]
    public async Task CancelledProbe_ReleasesItsPermit()
    {
        await using var server = new HttpServer();
        await using var guarded = new Guarded(ThriftEndpoint.Http(server.Address, _client));
        guarded.CircuitBreaker.HalfOpen();
        using var cancellation = new CancellationTokenSource();
        var call = guarded.Client.slow(CalculatorHandler.UntilReleased, cancellation.Token);
        await server.Handler.WaitForSlowCallAsync();
        await Assert.ThrowsAsync<CircuitOpenException>(() => guarded.Client.ping(TestContext.Current.CancellationToken));

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        Assert.Equal((CircuitState.HalfOpen, 0), (guarded.CircuitBreaker.State, guarded.CircuitBreaker.FailureCount));
        server.Handler.Release();
        await guarded.EchoAsync(1);
        Assert.Equal(CircuitState.Closed, guarded.CircuitBreaker.State);
    }

    [Fact]
    public async Task Dispose_AtDrainTimeout_AbortsCall()
    {
        await using var server = new HttpServer();
        var guarded = new Guarded(ThriftEndpoint.Http(server.Address, _client), new ThriftChannelOptions { DrainTimeout = TimeSpan.Zero });
        var call = guarded.Client.slow(CalculatorHandler.UntilReleased, TestContext.Current.CancellationToken);
        await server.Handler.WaitForSlowCallAsync();

        await guarded.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => call.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        server.Handler.Release();
    }
}
