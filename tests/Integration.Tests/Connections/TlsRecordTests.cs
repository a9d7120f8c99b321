using System.Net;
using System.Net.Security;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Connections;

/// <summary>Replies in two TLS records, of which the first ends at each byte.</summary>
public sealed class TlsRecordTests : IDisposable
{
    private readonly Certificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [MemberData(nameof(WireFormat.SingleWrite), MemberType = typeof(WireFormat))]
    public async Task ReplyInTwoRecords_IsRead(ThriftTransport transport, ThriftProtocol protocol)
    {
        var wireFormat = new WireFormat(transport, protocol);
        using var certificate = _certificates.For("localhost");
        var split = 0;
        var size = int.MaxValue;
        await using var server = StreamServer.On(
            new IPEndPoint(IPAddress.Loopback, 0),
            out var bound,
            async stream =>
            {
                var encrypted = new SslStream(stream);
                await encrypted.AuthenticateAsServerAsync(certificate);
                return new SplittingStream(encrypted, reply => Math.Min(Volatile.Read(ref split), size = reply));
            },
            wireFormat);
        var tls = new ThriftTlsOptions { ServerName = "localhost", TrustedRoots = _certificates.Roots };
        await using var guarded = new Guarded(wireFormat.At(((IPEndPoint)bound).Port) with { Tls = tls });

        for (; split < size; split++)
        {
            Assert.Equal("text", await guarded.Client.echo("text", TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        }

        Assert.InRange(size, 15, 100);
        Assert.Equal((0, 1), (guarded.CircuitBreaker.FailureCount, server.AcceptedCount));
    }

    /// <summary>Writes in two parts, which become two records.</summary>
    private sealed class SplittingStream(Stream stream, Func<int, int> getSplit) : Stream
    {
        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => stream.ReadAsync(buffer, offset, count, cancellationToken);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => stream.ReadAsync(buffer, cancellationToken);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
            => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var split = getSplit(buffer.Length);
            if (split > 0)
            {
                await stream.WriteAsync(buffer[..split], cancellationToken);
                await stream.FlushAsync(cancellationToken);
            }

            await stream.WriteAsync(buffer[split..], cancellationToken);
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => stream.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            stream.Dispose();
            base.Dispose(disposing);
        }
    }
}
