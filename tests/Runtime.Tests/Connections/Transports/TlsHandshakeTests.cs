namespace ThriftBreaker.Runtime.Tests.Connections.Transports;

/// <summary>The stream of a failed TLS handshake is disposed. TlsTests use real servers and certificates.</summary>
public sealed class TlsHandshakeTests
{
    [Fact]
    public async Task ConfigureThrows_DisposesStream()
    {
        using var stream = new MemoryStream();
        var tls = new ThriftTlsOptions { Configure = static _ => throw new InvalidOperationException("not today") };

        await Assert.ThrowsAsync<InvalidOperationException>(() => TlsHandshake.AuthenticateAsync(stream, "localhost", tls, TestContext.Current.CancellationToken));

        Assert.False(stream.CanRead);
    }
}
