using System.Net.Sockets;
using Circuit.Calculators;
using Thrift;
using Thrift.Protocol;
using Thrift.Transport;
using Thrift.Transport.Client;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests;

/// <summary>In a storm of random timeouts, cancellations, resets and restarts nobody gets the reply to another's request; with Thrift's own client some do.</summary>
public sealed class ForeignReplyTests
{
    private static readonly ThriftChannelOptions Options = new() { MaxConnections = 4 };

    [Theory]
    [InlineData(ThriftTransport.Buffered, ThriftProtocol.Binary)]
    [InlineData(ThriftTransport.Framed, ThriftProtocol.Compact)]
    public async Task NobodyGetsTheReplyToAnothersRequest(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        await using var storm = new StressRun(wireFormat);
        var clients = StressRun.Timeouts.ToDictionary(
            static timeout => timeout,
            timeout => Unprotected.Connect(new ThriftChannel(wireFormat.At(storm.Front.Port), Options with { CallTimeout = timeout })));

        var tally = await storm.RageAsync(_ => (text, timeout, token) => clients[timeout].echo(text, token));

        TestContext.Current.TestOutputHelper?.WriteLine($"{tally}");
        foreach (var client in clients.Values)
        {
            await client.DisposeAsync();
        }

        Assert.Empty(tally.Wrong);
        Assert.True(tally.Right > tally.Failed, $"{tally}");
        Assert.Contains(tally.Errors.Keys, static error => error.StartsWith("TimeoutException", StringComparison.Ordinal));
    }

    /// <summary>The same storm over clients as they are, one for each caller, which connects anew when its connection breaks.</summary>
    [Fact]
    public async Task WithBareClientsSomeDo()
    {
        var wireFormat = new WireFormat(ThriftTransport.Framed, ThriftProtocol.Binary);
        await using var storm = new StressRun(wireFormat);

        var tally = await storm.RageAsync(_ => new BareCaller(storm.Front.Port).EchoAsync);

        TestContext.Current.TestOutputHelper?.WriteLine($"{tally}");
        Assert.NotEmpty(tally.Wrong);
    }

    /// <summary>What is often written around a client: a connection is kept until it breaks, and a call that timed out does not break it.</summary>
    private sealed class BareCaller(int port)
    {
        private Calculator.Client? _client;

        public async Task<string> EchoAsync(string text, TimeSpan timeout, CancellationToken cancellationToken)
        {
            using var impatience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            impatience.CancelAfter(timeout);
            _client ??= await ConnectAsync();
            try
            {
                return await _client.echo(text, impatience.Token);
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
#pragma warning disable TB0014 // What happens without a guard is the point.
            return new Calculator.Client(new TBinaryProtocol(new TFramedTransport(new TSocketTransport(tcp, new TConfiguration()))));
#pragma warning restore TB0014
        }
    }
}
