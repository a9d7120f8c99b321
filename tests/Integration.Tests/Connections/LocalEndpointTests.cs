using System.IO.Pipes;
using System.Net.Sockets;
using Thrift.Transport;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Connections;

/// <summary>Servers on the same machine, over Unix domain sockets and named pipes.</summary>
public sealed class LocalEndpointTests
{
    [Theory]
    [MemberData(nameof(WireFormat.All), MemberType = typeof(WireFormat))]
    public async Task UnixSocket_EachKindOfCallWorks(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        var path = CreateSocketPath();
        await using var server = StreamServer.On(new UnixDomainSocketEndPoint(path), out _, wireFormat: wireFormat);
        await using var guarded = new Guarded(ThriftEndpoint.Unix(path) with { Transport = transport, Protocol = protocol });

        await Calls.MakeEachKindAsync(guarded.Client);
        await guarded.Client.note("oneway", TestContext.Current.CancellationToken);
        await guarded.EchoAsync(10);

        Assert.Equal((0, 1), (guarded.CircuitBreaker.FailureCount, server.AcceptedCount));
    }

    [Fact]
    public async Task UnixSocket_ServerRestarts_NoCallFails()
    {
        var path = CreateSocketPath();
        await using var guarded = new Guarded(ThriftEndpoint.Unix(path));
        for (var round = 0; round < 3; round++)
        {
            File.Delete(path);
            await using var server = StreamServer.On(new UnixDomainSocketEndPoint(path), out _);
            await guarded.EchoAsync(3);
        }

        Assert.Null(guarded.CircuitBreaker.LastException);
    }

    [Fact]
    public async Task UnixSocket_Missing_NamesThePath()
    {
        var path = CreateSocketPath();
        await using var guarded = new Guarded(ThriftEndpoint.Unix(path));

        var error = await Assert.ThrowsAsync<TTransportException>(() => guarded.Client.ping(TestContext.Current.CancellationToken));

        Assert.Equal(TTransportException.ExceptionType.NotOpen, error.Type);
        Assert.StartsWith($"No connection to unix:{path} (buffered, binary): ", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
    }

    [Theory]
    [MemberData(nameof(WireFormat.SingleWrite), MemberType = typeof(WireFormat))]
    public async Task NamedPipe_EachKindOfCallWorks(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        var name = CreatePipeName();
        await using var server = new StreamServer(CreateAcceptor(name), wireFormat: wireFormat);
        await using var guarded = new Guarded(ThriftEndpoint.Pipe(name) with { Transport = transport, Protocol = protocol });

        await guarded.Client.note("oneway", TestContext.Current.CancellationToken);
        await Calls.MakeEachKindAsync(guarded.Client);
        await guarded.EchoAsync(10);

        Assert.Equal((0, 1), (guarded.CircuitBreaker.FailureCount, server.AcceptedCount));
    }

    [Fact]
    public async Task NamedPipe_ServerRestarts_NoCallFails()
    {
        var name = CreatePipeName();
        await using var guarded = new Guarded(ThriftEndpoint.Pipe(name));
        for (var round = 0; round < 3; round++)
        {
            await using var server = new StreamServer(CreateAcceptor(name));
            await guarded.EchoAsync(3);
        }

        Assert.Null(guarded.CircuitBreaker.LastException);
    }

    [Fact]
    public async Task NamedPipe_Missing_TimeoutNamesSettingAndPipe()
    {
        var name = CreatePipeName();
        await using var guarded = new Guarded(ThriftEndpoint.Pipe(name));
        var call = guarded.Client.ping(TestContext.Current.CancellationToken);
        await guarded.AdvanceUntilTimeoutAsync(call);

        var error = await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Contains($"No connection to pipe:{name} (buffered, binary) within the ConnectTimeout of 5 s. Check that the server runs", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
    }

    private static Func<CancellationToken, Task<Stream>> CreateAcceptor(string name) => async token =>
    {
        var pipe = new NamedPipeServerStream(name, PipeDirection.InOut, NamedPipeServerStream.MaxAllowedServerInstances, PipeTransmissionMode.Byte, PipeOptions.Asynchronous);
        try
        {
            await pipe.WaitForConnectionAsync(token);
            return pipe;
        }
        catch
        {
            await pipe.DisposeAsync();
            throw;
        }
    };

    private static string CreatePipeName() => $"thriftbreaker-{Guid.NewGuid():N}";

    /// <summary>A short path: the limit is about 100 bytes.</summary>
    private static string CreateSocketPath() => Path.Combine(Path.GetTempPath(), $"tb-{Guid.NewGuid():N}.sock");
}
