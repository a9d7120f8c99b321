using System.IO.Pipes;
using System.Net.Sockets;
using Thrift.Transport;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests;

/// <summary>Servers of the same machine: Unix domain sockets and named pipes.</summary>
public sealed class LocalEndpointTests
{
    [Theory]
    [MemberData(nameof(WireFormat.All), MemberType = typeof(WireFormat))]
    public async Task EveryKindOfCallWorksOverAUnixSocket(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        var path = SocketPath();
        await using var server = StreamServer.On(new UnixDomainSocketEndPoint(path), out _, wireFormat: wireFormat);
        await using var guarded = new Guarded(ThriftEndpoint.Unix(path) with { Transport = transport, Protocol = protocol });

        await Calls.OfEveryKindAsync(guarded.Client);
        await guarded.Client.note("sent without an answer", TestContext.Current.CancellationToken);
        await guarded.EchoAsync(10);

        Assert.Equal((0, 1), (guarded.CircuitBreaker.FailureCount, server.Accepted));
    }

    [Fact]
    public async Task AUnixServerThatStartsAgainCostsNoCall()
    {
        var path = SocketPath();
        await using var guarded = new Guarded(ThriftEndpoint.Unix(path));
        for (var round = 0; round < 3; round++)
        {
            File.Delete(path);
            await using var server = StreamServer.On(new UnixDomainSocketEndPoint(path), out _);
            await guarded.EchoAsync(3);
        }

        Assert.Null(guarded.CircuitBreaker.LastFailure);
    }

    [Fact]
    public async Task AUnixSocketThatDoesNotExistSaysWhere()
    {
        var path = SocketPath();
        await using var guarded = new Guarded(ThriftEndpoint.Unix(path));

        var error = await Assert.ThrowsAsync<TTransportException>(() => guarded.Client.ping(TestContext.Current.CancellationToken));

        Assert.Equal(TTransportException.ExceptionType.NotOpen, error.Type);
        Assert.StartsWith($"No connection to unix:{path} (buffered, binary): ", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
    }

    [Theory]
    [MemberData(nameof(WireFormat.InOnePiece), MemberType = typeof(WireFormat))]
    public async Task EveryKindOfCallWorksOverANamedPipe(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        var name = PipeName();
        await using var server = new StreamServer(AcceptFrom(name), wireFormat: wireFormat);
        await using var guarded = new Guarded(ThriftEndpoint.Pipe(name) with { Transport = transport, Protocol = protocol });

        await guarded.Client.note("sent without an answer", TestContext.Current.CancellationToken);
        await Calls.OfEveryKindAsync(guarded.Client);
        await guarded.EchoAsync(10);

        Assert.Equal((0, 1), (guarded.CircuitBreaker.FailureCount, server.Accepted));
    }

    [Fact]
    public async Task APipeServerThatStartsAgainCostsNoCall()
    {
        var name = PipeName();
        await using var guarded = new Guarded(ThriftEndpoint.Pipe(name));
        for (var round = 0; round < 3; round++)
        {
            await using var server = new StreamServer(AcceptFrom(name));
            await guarded.EchoAsync(3);
        }

        Assert.Null(guarded.CircuitBreaker.LastFailure);
    }

    [Fact]
    public async Task APipeThatDoesNotExistIsATimeoutThatSaysWhichAndWhere()
    {
        var name = PipeName();
        await using var guarded = new Guarded(ThriftEndpoint.Pipe(name));
        var call = guarded.Client.ping(TestContext.Current.CancellationToken);
        await guarded.TimesOutAsync(call);

        var error = await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Contains($"No connection to pipe:{name} (buffered, binary) within the ConnectTimeout of 5 s. Check that the server runs", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, guarded.CircuitBreaker.FailureCount);
    }

    private static Func<CancellationToken, Task<Stream>> AcceptFrom(string name) => async token =>
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

    private static string PipeName() => $"thriftbreaker-{Guid.NewGuid():N}";

    /// <summary>Short: a path may have about 100 bytes.</summary>
    private static string SocketPath() => Path.Combine(Path.GetTempPath(), $"tb-{Guid.NewGuid():N}.sock");
}
