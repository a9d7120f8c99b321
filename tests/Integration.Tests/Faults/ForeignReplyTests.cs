using System.Net.Sockets;
using Circuit.Calculators;
using Thrift;
using Thrift.Protocol;
using Thrift.Transport;
using Thrift.Transport.Client;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Faults;

/// <summary>
/// During random timeouts, cancellations, resets and restarts, no call gets the reply to another request. With Thrift's
/// own client, some calls do.
/// </summary>
public sealed class ForeignReplyTests
{
    private static readonly ThriftChannelOptions Options = new() { MaxConnections = 4 };

    [Theory]
    [InlineData(ThriftTransport.Buffered, ThriftProtocol.Binary)]
    [InlineData(ThriftTransport.Framed, ThriftProtocol.Compact)]
    public async Task GeneratedClient_NoCallGetsForeignReply(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        await using var stressRun = new StressRun(wireFormat);
        var clients = StressRun.Timeouts.ToDictionary(
            static timeout => timeout,
            timeout => Unprotected.Connect(new ThriftChannel(wireFormat.At(stressRun.Proxy.Port), Options with { CallTimeout = timeout })));

        var results = await stressRun.RunAsync(_ => (text, timeout, token) => clients[timeout].echo(text, token));

        TestContext.Current.TestOutputHelper?.WriteLine($"{results}");
        foreach (var client in clients.Values)
        {
            await client.DisposeAsync();
        }

        Assert.Empty(results.Wrong);
        Assert.True(results.Right > results.Failed, $"{results}");
        Assert.Contains(results.Errors.Keys, static error => error.StartsWith("TimeoutException", StringComparison.Ordinal));
    }

    /// <summary>The same run with a bare client for each caller, which reconnects when its connection breaks.</summary>
    [Fact]
    public async Task BareClient_SomeCallsGetForeignReplies()
    {
        var wireFormat = new WireFormat(ThriftTransport.Framed, ThriftProtocol.Binary);
        await using var stressRun = new StressRun(wireFormat);

        var results = await stressRun.RunAsync(_ => new BareCaller(stressRun.Proxy.Port).EchoAsync);

        TestContext.Current.TestOutputHelper?.WriteLine($"{results}");
        Assert.NotEmpty(results.Wrong);
    }

    /// <summary>
    /// A common wrapper of a client: it keeps the connection until it breaks, and also after a timeout.
    /// </summary>
    private sealed class BareCaller(int port)
    {
        private Calculator.Client? _client;

        public async Task<string> EchoAsync(string text, TimeSpan timeout, CancellationToken cancellationToken)
        {
            using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            cancellation.CancelAfter(timeout);
            _client ??= await ConnectAsync();
            try
            {
                return await _client.echo(text, cancellation.Token);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                _client.Dispose();
                _client = null;
                throw;
            }
        }

        private async Task<Calculator.Client> ConnectAsync()
        {
            var tcp = new TcpClient();
            await tcp.ConnectAsync("127.0.0.1", port);
#pragma warning disable TB0014 // The test requires a client without a circuit breaker.
            return new Calculator.Client(new TBinaryProtocol(new TFramedTransport(new TSocketTransport(tcp, new TConfiguration()))));
#pragma warning restore TB0014
        }
    }
}
