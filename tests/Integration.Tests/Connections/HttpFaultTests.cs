using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Security;
using System.Text;
using Circuit.Calculators;
using Microsoft.Extensions.Time.Testing;
using Thrift;
using Thrift.Protocol;
using Thrift.Transport;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Connections;

/// <summary>HTTP servers that answer late, partly, with something else, or not at all.</summary>
public sealed class HttpFaultTests : IDisposable
{
    private readonly HttpClient _client = new() { Timeout = Timeout.InfiniteTimeSpan };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    /// <summary>Thrift's HTTP servers for C++ and Node.js never answer the request of a oneway call.</summary>
    [Fact]
    public async Task OnewayWithoutAnswer_ReturnsWhenSent()
    {
        await using var server = new RawHttpServer(static request => IsOneway(request) ? Task.CompletedTask : request.ReplyAsync());
        await using var guarded = new Guarded(ThriftEndpoint.Http(server.Address, _client));
        var outcomes = guarded.RecordOutcomes();

        await guarded.Client.note("sent", Token).WaitAsync(Deadline.Short, Token);

        Assert.Equal([CallOutcome.Ignored], outcomes);
        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
        await guarded.EchoAsync(5);
        await Deadline.UntilAsync(() => server.RequestCount == 6, "the oneway request has arrived");
    }

    [Fact]
    public async Task OnewayWithoutAnswer_ClosesConnectionAtCallTimeout()
    {
        await using var server = new RawHttpServer(static _ => Task.CompletedTask);
        await using var guarded = new Guarded(ThriftEndpoint.Http(server.Address, _client));
        await guarded.Client.note("sent", Token).WaitAsync(Deadline.Short, Token);
        await Deadline.UntilAsync(() => server.RequestCount == 1, "the oneway request has arrived");
        Assert.Equal(1, server.OpenCount);

        guarded.Clock.Advance(new ThriftChannelOptions().CallTimeout);

        await Deadline.UntilAsync(() => server.OpenCount == 0, "the connection is closed");
        Assert.Equal(0, guarded.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task OnewayWithAnswer_ReusesConnection()
    {
        await using var server = new RawHttpServer(static request => request.ReplyAsync());
        await using var guarded = new Guarded(ThriftEndpoint.Http(server.Address, _client));

        for (var call = 1; call <= 20; call++)
        {
            await guarded.Client.note($"{call}", Token).WaitAsync(Deadline.Short, Token);
            await Deadline.UntilAsync(() => server.RequestCount == call, "the request has arrived");
        }

        Assert.InRange(server.OpenCount, 1, 20);
        await Deadline.UntilAsync(() => server.RequestCount == 20, "every request has arrived");
    }

    /// <summary>The request outlives its call and the channel, and the next request must not change it.</summary>
    [Fact]
    public async Task Oneway_ThenDispose_IsDelivered()
    {
        for (var round = 0; round < 20; round++)
        {
            await using var server = new RawHttpServer(static request => request.ReplyAsync());
            await using (var guarded = new Guarded(ThriftEndpoint.Http(server.Address, _client)))
            {
                await guarded.Client.note($"round {round}", Token).WaitAsync(Deadline.Short, Token);
            }

            Assert.Equal($"round {round}", await server.Handler.LastNote.Task.WaitAsync(Deadline.Short, Token));
        }
    }

    [Fact]
    public async Task Oneway_NotSent_IsAFailure()
    {
        Uri address;
        await using (var server = new RawHttpServer(static request => request.ReplyAsync()))
        {
            address = server.Address;
        }

        await using var guarded = new Guarded(ThriftEndpoint.Http(address, _client));
        var outcomes = guarded.RecordOutcomes();

        var error = await Assert.ThrowsAsync<TTransportException>(() => guarded.Client.note("lost", Token).WaitAsync(Deadline.Short, Token));

        Assert.StartsWith($"No reply from {address} (binary): Connection refused", error.Message, StringComparison.Ordinal);
        Assert.Equal([CallOutcome.Failure], outcomes);
    }

    [Fact]
    public async Task Oneway_CancelledBeforeItIsSent_HasCallersToken()
    {
        using var client = new HttpClient(new NeverSends());
        await using var guarded = new Guarded(ThriftEndpoint.Http(new Uri("http://localhost/"), client));
        using var cancellation = new CancellationTokenSource();
        var call = guarded.Client.note("lost", cancellation.Token);

        await cancellation.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Deadline.Short, Token));
        Assert.Equal(cancellation.Token, error.CancellationToken);
    }

    [Fact]
    public async Task Oneway_NotSentInTime_IsATimeout()
    {
        using var client = new HttpClient(new NeverSends());
        await using var guarded = new Guarded(ThriftEndpoint.Http(new Uri("http://localhost/"), client));
        var call = guarded.Client.note("lost", Token);
        await guarded.AdvanceUntilTimeoutAsync(call);

        var error = await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Contains("within the CallTimeout of 10 s", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LostConnection_IdempotentCall_IsRepeatedOnce(bool reset)
    {
        await using var server = new RawHttpServer(request => request.Number == 2 ? request.CloseAsync(reset) : request.ReplyAsync());
        await using var client = Connect(server, out var outcomes);
        Assert.Equal("first", await client.echo("first", Token));

        Assert.Equal("second", await client.echo("second", Token).WaitAsync(Deadline.Short, Token));

        Assert.Equal(3, server.RequestCount);
        Assert.Equal([CallOutcome.Success, CallOutcome.Success], outcomes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LostConnection_OtherCall_IsSentOnce(bool reset)
    {
        await using var server = new RawHttpServer(request => request.Number == 2 ? request.CloseAsync(reset) : request.ReplyAsync());
        await using var client = Connect(server, out var outcomes);
        Assert.Equal("first", await client.echo("first", Token));

        var error = await Assert.ThrowsAsync<TTransportException>(() => client.describe("once", true, Token));

        Assert.Contains(reset ? "Connection reset by peer" : "The response ended prematurely", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, server.RequestCount);
        Assert.Equal([CallOutcome.Success, CallOutcome.Failure], outcomes);
    }

    [Fact]
    public async Task LostConnection_SecondAttemptFails_IsNotRepeatedAgain()
    {
        await using var server = new RawHttpServer(static request => request.CloseAsync(reset: true));
        await using var client = Connect(server, out var outcomes);

        await Assert.ThrowsAsync<TTransportException>(() => client.echo("lost", Token));

        Assert.Equal(2, server.RequestCount);
        Assert.Equal([CallOutcome.Failure], outcomes);
    }

    [Fact]
    public async Task PartOfAReply_IdempotentCall_IsNotRepeated()
    {
        await using var server = new RawHttpServer(static request => request.ReplyPartlyAsync());
        await using var client = Connect(server, out var outcomes);

        var error = await Assert.ThrowsAsync<TTransportException>(() => client.echo("lost", Token));

        Assert.StartsWith($"No reply from {server.Address} (binary): ", error.Message, StringComparison.Ordinal);
        Assert.Contains("ended prematurely", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, server.RequestCount);
        Assert.Equal([CallOutcome.Failure], outcomes);
    }

    /// <summary>A response whose connection ends after each of its bytes, in its headers and in its body.</summary>
    [Theory]
    [InlineData("Content-Length: {0}", false)]
    [InlineData("Transfer-Encoding: chunked", true)]
    [InlineData("Connection: close", false)]
    public async Task ResponseCutAtEachByte_Fails_NextCallWorks(string header, bool chunked)
    {
        var (cut, size) = (0, int.MaxValue);
        await using var server = new RawHttpServer(async request =>
        {
            var reply = await request.CreateReplyAsync();
            var head = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{string.Format(CultureInfo.InvariantCulture, header, reply.Length)}\r\n\r\n");
            byte[] response = chunked
                ? [.. head, .. Encoding.ASCII.GetBytes($"{reply.Length:x}\r\n"), .. reply, .. "\r\n0\r\n\r\n"u8]
                : [.. head, .. reply];
            size = response.Length;
            await request.SendAndCloseAsync(response.AsMemory(0, Math.Min(cut, size)));
        });
        await using var guarded = new Guarded(ThriftEndpoint.Http(server.Address, _client));
        guarded.CircuitBreaker.SetMode(CircuitMode.Disabled);

        for (; cut < size; cut++)
        {
            var error = await Record.ExceptionAsync(() => guarded.Client.echo("text", Token).WaitAsync(Deadline.Short, Token));

            Assert.True(error is TTransportException or TProtocolException, $"after {cut} bytes: {error}");
            Assert.Contains(server.Address.ToString(), error.Message, StringComparison.Ordinal);
            Assert.Contains("Check ", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal("text", await guarded.Client.echo("text", Token).WaitAsync(Deadline.Short, Token));
        Assert.InRange(size, 50, 300);
    }

    [Fact]
    public async Task FailedHandshake_MessageHasTheInnermostReason()
    {
        using var certificates = new Certificates();
        using var certificate = certificates.For("127.0.0.1");
        await using var server = StreamServer.On(new IPEndPoint(IPAddress.Loopback, 0), out var bound, async stream =>
        {
            var sslStream = new SslStream(stream);
            await sslStream.AuthenticateAsServerAsync(certificate);
            return sslStream;
        });
        await using var guarded = new Guarded(ThriftEndpoint.Http(new Uri($"https://{bound}/"), _client));

        var error = await Assert.ThrowsAsync<TTransportException>(() => guarded.Client.ping(Token).WaitAsync(Deadline.Short, Token));

        Assert.StartsWith($"No reply from https://{bound}/ (binary): The SSL connection could not be established", error.Message, StringComparison.Ordinal);
        Assert.Contains("The remote certificate is invalid", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(". Check that the server uses TLS on this port, and its certificate.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ThriftProtocol.Binary)]
    [InlineData(ThriftProtocol.Compact)]
    [InlineData(ThriftProtocol.Json)]
    public async Task WebPage_MessageNamesItsContentType(ThriftProtocol protocol)
    {
        await using var server = new RawHttpServer(static request => request.ReplyAsync("<!DOCTYPE html><html>Sign in</html>"u8.ToArray(), "Content-Type: text/html; charset=utf-8"));
        await using var guarded = new Guarded(ThriftEndpoint.Http(server.Address, _client) with { Protocol = protocol });

        var error = await Assert.ThrowsAnyAsync<TException>(() => guarded.Client.ping(Token).WaitAsync(Deadline.Short, Token));

        Assert.StartsWith($"The reply from {server.Address} ({protocol.ToString().ToLowerInvariant()}) cannot be read: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("The content type of the response is text/html.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("raise MaxMessageSize", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task CompressedReply_MessageNamesTheSettingOfTheHandler()
    {
        await using var server = new RawHttpServer(static request => request.ReplyAsync(Compress("a reply"), "Content-Encoding: gzip"));
        await using var guarded = new Guarded(ThriftEndpoint.Http(server.Address, _client));

        var error = await Assert.ThrowsAsync<TTransportException>(() => guarded.Client.ping(Token).WaitAsync(Deadline.Short, Token));

        Assert.Equal(
            $"No reply from {server.Address} (binary): The response is encoded with gzip, which the HttpClient's handler decodes if its AutomaticDecompression is set. Check the server.",
            error.Message);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
    }

    [Theory]
    [InlineData("Content-Encoding: identity")]
    [InlineData("Content-Type: text/html")]
    public async Task ThriftReply_WithOtherHeaders_IsRead(string header)
    {
        // PHP's example server sends its replies as text/html.
        using var emptyResult = new MemoryStream([0x80, 1, 0, 2, 0, 0, 0, 4, .. "ping"u8, 0, 0, 0, 1, 0]);
        await using var server = new RawHttpServer(request => request.ReplyAsync(emptyResult.ToArray(), header));
        await using var guarded = new Guarded(ThriftEndpoint.Http(server.Address, _client));

        await guarded.Client.ping(Token).WaitAsync(Deadline.Short, Token);
    }

    /// <summary>The type of a message is in its fourth byte.</summary>
    private static bool IsOneway(RawHttpRequest request) => request.Body[3] == 4;

    private static byte[] Compress(string text)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionMode.Compress))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return compressed.ToArray();
    }

    private IdempotentCalculatorCircuitBreakerClient Connect(RawHttpServer server, out List<CallOutcome> outcomes)
    {
        var client = IdempotentCalculatorCircuitBreakerClient.Connect(ThriftEndpoint.Http(server.Address, _client), new ThriftChannelOptions { TimeProvider = new FakeTimeProvider() });
        var recorded = outcomes = [];
        client.CircuitBreaker.CallCompleted += (_, call) => recorded.Add(call.Outcome);
        return client;
    }

    /// <summary>A handler that waits before it sends the request, for example for a connection.</summary>
    private sealed class NeverSends : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return new HttpResponseMessage(HttpStatusCode.OK);
        }
    }
}
