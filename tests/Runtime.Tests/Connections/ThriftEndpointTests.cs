namespace ThriftBreaker.Runtime.Tests.Connections;

/// <summary>An endpoint is a value that is right or is not made.</summary>
public sealed class ThriftEndpointTests
{
    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(65_536)]
    [InlineData(int.MaxValue)]
    public void APortOutOfRangeIsNamed(int port)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(nameof(port), () => new ThriftEndpoint("localhost", port));

        Assert.Equal(port, error.ActualValue);
        Assert.StartsWith("A TCP port must be between 1 and 65535.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(65_535)]
    public void APortAtItsLimitIsTaken(int port) => Assert.Equal(port, new ThriftEndpoint("localhost", port).Port);

    [Fact]
    public void AMissingHostIsNamed() => Assert.Throws<ArgumentNullException>("host", static () => new ThriftEndpoint(null!, 9090));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\t")]
    public void ABlankHostIsNamed(string host) => Assert.Throws<ArgumentException>(nameof(host), () => new ThriftEndpoint(host, 9090));

    [Fact]
    public void ATransportOrProtocolThatDoesNotExistIsNamed()
    {
        Assert.Throws<ArgumentOutOfRangeException>("Transport", static () => new ThriftEndpoint("localhost", 9090) { Transport = (ThriftTransport)2 });
        Assert.Throws<ArgumentOutOfRangeException>("Transport", static () => new ThriftEndpoint("localhost", 9090) { Transport = (ThriftTransport)(-1) });
        Assert.Throws<ArgumentOutOfRangeException>("Protocol", static () => new ThriftEndpoint("localhost", 9090) { Protocol = (ThriftProtocol)3 });
        Assert.Throws<ArgumentOutOfRangeException>("Protocol", static () => new ThriftEndpoint("localhost", 9090) { Protocol = (ThriftProtocol)(-1) });
    }

    [Fact]
    public void EveryTransportAndProtocolThatExistsIsTaken()
    {
        foreach (var transport in Enum.GetValues<ThriftTransport>())
        {
            foreach (var protocol in Enum.GetValues<ThriftProtocol>())
            {
                var endpoint = new ThriftEndpoint("localhost", 9090) { Transport = transport, Protocol = protocol };

                Assert.Equal((transport, protocol), (endpoint.Transport, endpoint.Protocol));
            }
        }
    }

    [Fact]
    public void TheDefaultsAreBufferedAndBinary()
    {
        var endpoint = new ThriftEndpoint("localhost", 9090);

        Assert.Equal((ThriftTransport.Buffered, ThriftProtocol.Binary), (endpoint.Transport, endpoint.Protocol));
    }

    [Theory]
    [InlineData("localhost", ThriftTransport.Buffered, ThriftProtocol.Binary, "localhost:9090 (buffered, binary)")]
    [InlineData("127.0.0.1", ThriftTransport.Framed, ThriftProtocol.Compact, "127.0.0.1:9090 (framed, compact)")]
    [InlineData("::1", ThriftTransport.Buffered, ThriftProtocol.Json, "[::1]:9090 (buffered, json)")]
    public void ItIsWrittenAsPeopleWriteIt(string host, ThriftTransport transport, ThriftProtocol protocol, string expected)
        => Assert.Equal(expected, new ThriftEndpoint(host, 9090) { Transport = transport, Protocol = protocol }.ToString());

    [Fact]
    public void EndpointsAreComparedByValue()
    {
        var endpoint = new ThriftEndpoint("localhost", 9090);

        Assert.Equal(endpoint, new ThriftEndpoint("localhost", 9090));
        Assert.Equal(endpoint.GetHashCode(), new ThriftEndpoint("localhost", 9090).GetHashCode());
        Assert.NotEqual(endpoint, new ThriftEndpoint("localhost", 9091));
        Assert.NotEqual(endpoint, new ThriftEndpoint("127.0.0.1", 9090));
        Assert.NotEqual(endpoint, endpoint with { Transport = ThriftTransport.Framed });
        Assert.NotEqual(endpoint, endpoint with { Protocol = ThriftProtocol.Json });
    }
}
