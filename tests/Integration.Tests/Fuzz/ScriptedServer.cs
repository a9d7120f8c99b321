using Circuit.Calculators;
using Microsoft.Extensions.Logging.Abstractions;
using Thrift;
using Thrift.Protocol;
using Thrift.Protocol.Entities;
using Thrift.Transport.Client;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Fuzz;

/// <summary>
/// A calculator without a socket or a thread: it replies within the call, on the caller's thread, so that allocations
/// can be measured and calls can be reproduced. Its next reply can be mutated.
/// </summary>
internal sealed class ScriptedServer(WireFormat wireFormat)
{
    private static readonly TConfiguration NoLimits = new();
    private readonly Calculator.AsyncProcessor _processor = new(new CalculatorHandler(), NullLogger<Calculator.AsyncProcessor>.Instance);

    public ThriftEndpoint Endpoint => ThriftEndpoint.FromStream("scripted", Accept) with { Transport = wireFormat.Transport, Protocol = wireFormat.Protocol };

    /// <summary>Mutates the next reply only.</summary>
    public Mutator? NextMutator { get; set; }

    /// <summary>The last reply that was sent.</summary>
    public ScriptedReply Sent { get; private set; } = new([]);

    /// <summary>The bytes of the last reply that the client has read.</summary>
    public long Read { get; private set; }

    /// <summary>The bytes that the server has allocated on the client's thread.</summary>
    public long Allocated { get; private set; }

    public int AcceptedCount { get; private set; }

    /// <summary>The number of calls on the last connection.</summary>
    public int Calls { get; private set; }

    /// <summary>Whether a call is in flight: between two calls, a read on the connection waits.</summary>
    public bool IsBusy { get; set; }

    /// <summary>Creates the reply to a request.</summary>
    /// <param name="request">The bytes of the request.</param>
    /// <param name="forge">Changes the message header of the reply.</param>
    public byte[] Reply(byte[] request, Func<TMessage, TMessage>? forge = null)
    {
        var input = wireFormat.ProtocolFactory.GetProtocol(wireFormat.TransportFactory.GetTransport(new TMemoryBufferTransport(request, NoLimits)));
        var reply = new TMemoryBufferTransport(NoLimits);
        var output = new ForgedHeaderProtocol(wireFormat.ProtocolFactory.GetProtocol(wireFormat.TransportFactory.GetTransport(reply)), forge ?? (static header => header));
        Assert.True(_processor.ProcessAsync(input, output).IsCompletedSuccessfully);
        return reply.GetBuffer();
    }

    private Connection Accept()
    {
        AcceptedCount++;
        return new Connection(this);
    }

    private void Respond(byte[] request, int calls)
    {
        Calls = calls;
        var before = GC.GetAllocatedBytesForCurrentThread();
        Read = 0;
        Sent = NextMutator is { } mutator ? mutator(this, request) : new ScriptedReply(Reply(request));
        NextMutator = null;
        Allocated += GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>The bytes that replace a reply, then repeated bytes, then the end of the stream or silence.</summary>
    public sealed record ScriptedReply(byte[] Bytes, byte[]? Forever = null, bool Silence = false)
    {
        /// <summary>Whether the reply is not mutated, so that its connection stays open.</summary>
        public bool IsUnmodified { get; init; }
    }

    public delegate ScriptedReply Mutator(ScriptedServer server, byte[] request);

    private sealed class ForgedHeaderProtocol(TProtocol protocol, Func<TMessage, TMessage> forge) : TProtocolDecorator(protocol)
    {
        public override Task WriteMessageBeginAsync(TMessage message, CancellationToken cancellationToken)
            => base.WriteMessageBeginAsync(forge(message), cancellationToken);
    }

    private sealed class Connection(ScriptedServer server) : Stream
    {
        private readonly MemoryStream _request = new();
        private ScriptedReply _reply = new([]);
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
            var read = CopyReply(buffer.Span);
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

        /// <summary>Called when the request is complete.</summary>
        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            server.IsBusy = true;
            server.Respond(_request.ToArray(), ++_calls);
            _request.SetLength(0);
            (_reply, _sent) = (server.Sent, 0);
            if (_waiting is { } waiting)
            {
                var read = CopyReply(_into.Span);
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

        private int CopyReply(Span<byte> into)
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
