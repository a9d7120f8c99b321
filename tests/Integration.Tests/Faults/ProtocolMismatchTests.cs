using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Faults;

/// <summary>
/// Servers with another transport or protocol than the client, the most common mistake of a first try.
/// </summary>
public sealed class ProtocolMismatchTests
{
    public static TheoryData<ThriftTransport, ThriftProtocol, ThriftTransport, ThriftProtocol> EveryMismatch { get; } = new(
        from client in WireFormat.SingleWrite
        from server in WireFormat.SingleWrite
        where client.Data != server.Data
        select (client.Data.Item1, client.Data.Item2, server.Data.Item1, server.Data.Item2));

    [Theory]
    [MemberData(nameof(EveryMismatch))]
    public async Task Mismatch_IsAFailureWithEndpointAndRemedy(
        ThriftTransport transport, ThriftProtocol protocol, ThriftTransport serverTransport, ThriftProtocol serverProtocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        await using var server = CalculatorServer.Start(new WireFormat(serverTransport, serverProtocol));

        // The fake clock must end only the call.
        await using var guarded = new Guarded(server.Port, wireFormat, new ThriftChannelOptions { ConnectTimeout = TimeSpan.FromHours(1) });

        var call = guarded.Client.echo("text", TestContext.Current.CancellationToken);
        await guarded.AdvanceUntilTimeoutAsync(call);

        var error = await Assert.ThrowsAnyAsync<Exception>(() => call);
        Assert.Contains($"{wireFormat.At(server.Port)}", error.Message, StringComparison.Ordinal);
        Assert.Matches(@"\. Check the server, and that it uses this transport and protocol(, without TLS)?\.$", error.Message);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
    }
}
