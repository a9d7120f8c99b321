namespace ThriftBreaker.Runtime.Tests.Connections;

/// <summary>What becomes of a connection when TLS is not agreed on. (With real servers and certificates: TlsTests.)</summary>
public sealed class TlsHandshakeTests
{
    [Fact]
    public async Task AConfigureThatThrowsClosesTheConnection()
    {
        using var stream = new MemoryStream();
        var tls = new ThriftTlsOptions { Configure = static _ => throw new InvalidOperationException("not today") };

        await Assert.ThrowsAsync<InvalidOperationException>(() => TlsHandshake.ShakeAsync(stream, "localhost", tls, TestContext.Current.CancellationToken));

        Assert.False(stream.CanRead);
    }
}
