using Circuit.Calculators;
using Microsoft.Extensions.Logging.Abstractions;
using Thrift;
using Thrift.Protocol;
using Thrift.Protocol.Entities;
using Thrift.Transport.Client;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Fuzz;

/// <summary>
/// A calculator without a socket or a thread: it answers within the call, on the caller's thread, so that what a call allocates can be counted
/// and what it does can be repeated. Its next reply can be tampered with.
/// </summary>
internal sealed class ScriptedServer(WireFormat wireFormat)
{
    private static readonly TConfiguration NoLimits = new();
    private readonly Calculator.AsyncProcessor _processor = new(new CalculatorHandler(), NullLogger<Calculator.AsyncProcessor>.Instance);

    public ThriftEndpoint Endpoint => ThriftEndpoint.Over("scripted", Accept) with { Transport = wireFormat.Transport, Protocol = wireFormat.Protocol };

    /// <summary>What is done to the next reply, once.</summary>
    public Tampering? Next { get; set; }

    /// <summary>What was last sent in the place of a reply.</summary>
    public Script Sent { get; private set; } = new([]);

    /// <summary>Bytes of it that the client has read.</summary>
    public long Read { get; private set; }

    /// <summary>Bytes that the server itself has allocated, on the client's thread.</summary>
    public long Allocated { get; private set; }

    public int Accepted { get; private set; }

    /// <summary>Calls that the connection of the last one has carried.</summary>
    public int Calls { get; private set; }

    /// <summary>Whether a call is under way: between two calls, nothing is what a client finds on a connection.</summary>
    public bool IsBusy { get; set; }

    /// <summary>The reply to a request.</summary>
    /// <param name="request">As the client has written it.</param>
    /// <param name="forge">What becomes of its head.</param>
    public byte[] Reply(byte[] request, Func<TMessage, TMessage>? forge = null)
    {
        var questions = wireFormat.ProtocolFactory.GetProtocol(wireFormat.TransportFactory.GetTransport(new TMemoryBufferTransport(request, NoLimits)));
        var reply = new TMemoryBufferTransport(NoLimits);
        var answers = new ForgedHead(wireFormat.ProtocolFactory.GetProtocol(wireFormat.TransportFactory.GetTransport(reply)), forge ?? (static head => head));
        Assert.True(_processor.ProcessAsync(questions, answers).IsCompletedSuccessfully);
        return reply.GetBuffer();
    }

    private Wire Accept()
    {
        Accepted++;
        return new Wire(this);
    }

    private void Answer(byte[] request, int calls)
    {
        Calls = calls;
        var before = GC.GetAllocatedBytesForCurrentThread();
        Read = 0;
        Sent = Next is { } tampering ? tampering(this, request) : new Script(Reply(request));
        Next = null;
        Allocated += GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>What comes in the place of a reply: these bytes, then those again and again, then the end, or nothing more.</summary>
    public sealed record Script(byte[] Bytes, byte[]? Forever = null, bool Silence = false)
    {
        /// <summary>Whether nobody has tampered with it, so that its connection stays open.</summary>
        public bool IsUntouched { get; init; }
    }

    public delegate Script Tampering(ScriptedServer server, byte[] request);

    private sealed class ForgedHead(TProtocol protocol, Func<TMessage, TMessage> forge) : TProtocolDecorator(protocol)
    {
        public override Task WriteMessageBeginAsync(TMessage message, CancellationToken cancellationToken)
            => base.WriteMessageBeginAsync(forge(message), cancellationToken);
    }

    private sealed class Wire(ScriptedServer server) : Stream
    {
        private readonly MemoryStream _request = new();
        private Script _reply = new([]);
        private int _sent;
        private int _calls;
        private TaskCompletionSource<int>? _waiting;
        private Memory<byte> _into;

        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = Take(buffer.Span);
            if (read > 0 || buffer.IsEmpty || (server.IsBusy && !_reply.Silence))
            {
                return read;
            }

            _into = buffer;
            _waiting = new TaskCompletionSource<int>();
            await using var cancelled = cancellationToken.UnsafeRegister(static waiting => ((TaskCompletionSource<int>)waiting!).TrySetCanceled(), _waiting);
            return await _waiting.Task;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _request.Write(buffer.Span);
            return default;
        }

        /// <summary>The request is complete.</summary>
        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            server.IsBusy = true;
            server.Answer(_request.ToArray(), ++_calls);
            _request.SetLength(0);
            (_reply, _sent) = (server.Sent, 0);
            if (_waiting is { } waiting)
            {
                var read = Take(_into.Span);
                if (read > 0 || !_reply.Silence)
                {
                    _waiting = null;
                    waiting.TrySetResult(read);
                }
            }

            return Task.CompletedTask;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            _waiting?.TrySetResult(0);
            base.Dispose(disposing);
        }

        private int Take(Span<byte> into)
        {
            var count = 0;
            for (; count < into.Length; count++)
            {
                if (_sent < _reply.Bytes.Length)
                {
                    into[count] = _reply.Bytes[_sent];
                }
                else if (_reply.Forever is { } pattern)
                {
                    into[count] = pattern[(_sent - _reply.Bytes.Length) % pattern.Length];
                }
                else
                {
                    break;
                }

                _sent++;
            }

            server.Read += count;
            return count;
        }
    }
}
