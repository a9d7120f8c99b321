using Thrift.Transport;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Connections;

/// <summary>
/// Replies beyond the size limits are rejected before they fill the memory, and do not affect later calls.
/// </summary>
public sealed class SizeLimitTests
{
    private static readonly ThriftChannelOptions LimitOf4096Bytes = new() { MaxMessageSize = 4_096 };

    [Theory]
    [MemberData(nameof(WireFormat.All), MemberType = typeof(WireFormat))]
    public async Task OversizedReply_IsAFailureAndNextCallWorks(ThriftTransport transport, ThriftProtocol protocol)
    {
        var error = await GetSizeLimitErrorAsync(
            new WireFormat(transport, protocol), LimitOf4096Bytes, static client => client.echo(new string('x', 10_000), TestContext.Current.CancellationToken));
        Assert.Equal(TTransportException.ExceptionType.MessageSizeLimit, error.Type);
    }

    [Theory]
    [MemberData(nameof(WireFormat.All), MemberType = typeof(WireFormat))]
    public async Task OversizedReplyOfSmallParts_IsAFailure(ThriftTransport transport, ThriftProtocol protocol)
    {
        var groups = Enumerable.Range(0, 1_000).ToDictionary(static number => $"group {number}", static number => new List<int> { number });
        var error = await GetSizeLimitErrorAsync(
            new WireFormat(transport, protocol), LimitOf4096Bytes, client => client.sums(groups, TestContext.Current.CancellationToken));
        Assert.Equal(TTransportException.ExceptionType.MessageSizeLimit, error.Type);
    }

    [Theory]
    [InlineData(ThriftProtocol.Binary)]
    [InlineData(ThriftProtocol.Compact)]
    public async Task OversizedFrame_IsAFailureAndNextCallWorks(ThriftProtocol protocol)
    {
        var error = await GetSizeLimitErrorAsync(
            new WireFormat(ThriftTransport.Framed, protocol),
            new ThriftChannelOptions { MaxFrameSize = 4_096 },
            static client => client.echo(new string('x', 10_000), TestContext.Current.CancellationToken));
        Assert.Contains("Maximum frame size exceeded", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(WireFormat.All), MemberType = typeof(WireFormat))]
    public async Task Limit_AppliesToEachReply(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        await using var server = CalculatorServer.Start(wireFormat);
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(proxy.Port, wireFormat, LimitOf4096Bytes);

        for (var call = 0; call < 20; call++)
        {
            await guarded.EchoAsync(1, new string('x', 900));
        }

        Assert.Equal(1, proxy.AcceptedCount);
    }

    /// <summary>
    /// Gets the exception of a call with an oversized reply. Asserts that it counts, that its connection is closed and
    /// that the next call succeeds.
    /// </summary>
    private static async Task<TTransportException> GetSizeLimitErrorAsync(WireFormat wireFormat, ThriftChannelOptions options, Func<Circuit.Calculators.Calculator.IAsync, Task> call)
    {
        await using var server = CalculatorServer.Start(wireFormat);
        await using var proxy = new FaultInjectionProxy(server.Port);
        await using var guarded = new Guarded(proxy.Port, wireFormat, options);
        await guarded.EchoAsync(1);

        var error = await Assert.ThrowsAsync<TTransportException>(() => call(guarded.Client).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));

        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
        await Deadline.UntilAsync(() => proxy.OpenCount == 0, "the connection is closed");
        await guarded.EchoAsync(2);
        Assert.Equal(2, proxy.AcceptedCount);
        return error;
    }
}
