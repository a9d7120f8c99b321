using Thrift.Transport;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests;

/// <summary>Replies that are larger than they may be: refused before they fill the memory, and nobody else's trouble.</summary>
public sealed class SizeLimitTests
{
    private static readonly ThriftChannelOptions FourKilobytes = new() { MaxMessageSize = 4_096 };

    [Theory]
    [MemberData(nameof(WireFormat.All), MemberType = typeof(WireFormat))]
    public async Task AReplyBeyondTheLimitIsAnErrorAndTheNextCallIsRight(ThriftTransport transport, ThriftProtocol protocol)
    {
        var error = await CallMeetsLimit(
            new WireFormat(transport, protocol), FourKilobytes, static client => client.echo(new string('x', 10_000), TestContext.Current.CancellationToken));
        Assert.Equal(TTransportException.ExceptionType.MessageSizeLimit, error.Type);
    }

    [Theory]
    [MemberData(nameof(WireFormat.All), MemberType = typeof(WireFormat))]
    public async Task SoIsOneWhosePartsAreSmall(ThriftTransport transport, ThriftProtocol protocol)
    {
        var groups = Enumerable.Range(0, 1_000).ToDictionary(static number => $"group {number}", static number => new List<int> { number });
        var error = await CallMeetsLimit(
            new WireFormat(transport, protocol), FourKilobytes, client => client.sums(groups, TestContext.Current.CancellationToken));
        Assert.Equal(TTransportException.ExceptionType.MessageSizeLimit, error.Type);
    }

    [Theory]
    [InlineData(ThriftProtocol.Binary)]
    [InlineData(ThriftProtocol.Compact)]
    public async Task AFrameBeyondTheLimitIsAnErrorAndTheNextCallIsRight(ThriftProtocol protocol)
    {
        var error = await CallMeetsLimit(
            new WireFormat(ThriftTransport.Framed, protocol),
            new ThriftChannelOptions { MaxFrameSize = 4_096 },
            static client => client.echo(new string('x', 10_000), TestContext.Current.CancellationToken));
        Assert.Contains("Maximum frame size exceeded", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(WireFormat.All), MemberType = typeof(WireFormat))]
    public async Task TheLimitIsThatOfAReplyAndNotOfAllRepliesOfAConnection(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        await using var server = CalculatorServer.Start(wireFormat);
        await using var front = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(front.Port, wireFormat, FourKilobytes);

        for (var call = 0; call < 20; call++)
        {
            await guarded.EchoAsync(1, new string('x', 900));
        }

        Assert.Equal(1, front.Accepted);
    }

    /// <summary>The error of a call whose reply is too large: counted, its connection closed, and the next call right.</summary>
    private static async Task<TTransportException> CallMeetsLimit(WireFormat wireFormat, ThriftChannelOptions options, Func<Circuit.Calculators.Calculator.IAsync, Task> call)
    {
        await using var server = CalculatorServer.Start(wireFormat);
        await using var front = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(front.Port, wireFormat, options);
        await guarded.EchoAsync(1);

        var error = await Assert.ThrowsAsync<TTransportException>(() => call(guarded.Client).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));

        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
        await Deadline.UntilAsync(() => front.Open == 0, "the connection is closed");
        await guarded.EchoAsync(2);
        Assert.Equal(2, front.Accepted);
        return error;
    }
}
