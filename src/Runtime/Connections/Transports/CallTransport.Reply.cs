using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Thrift.Protocol;
using Thrift.Transport;

namespace ThriftBreaker;

/// <content>
/// The reply: what has been received is read without waiting. The buffer grows with the bytes that arrive, and never
/// by what a reply claims.
/// </content>
internal abstract partial class CallTransport
{
    private const int SmallestReplyBuffer = 4 * 1024;

    /// <summary>The buffer grows beyond this size only for a value that must be complete before it is read.</summary>
    private const int LargestReplyBuffer = 64 * 1024;

    /// <summary>The received bytes; empty between two calls.</summary>
    private byte[] _reply = [];

    /// <summary>The position of the buffer in the reply.</summary>
    private long _bufferOffset;

    /// <summary>The end of the bytes that can be read.</summary>
    private int _limit;

    /// <summary>The end of the received bytes: beyond the limit only if another frame follows.</summary>
    private int _end;

    /// <summary>The number of bytes of the current frame that have not been received.</summary>
    private int _frameRest;

    /// <summary>Whether a frame of the reply has begun.</summary>
    private bool _isInFrame;

    /// <summary>The size with which a reply begins: that of recent replies.</summary>
    private int _replyBufferSize = SmallestReplyBuffer;

    /// <summary>
    /// Gets or sets the index of the next byte to read. Can be set back to read again, until the next receive.
    /// </summary>
    public int Position { get; set; }

    /// <summary>Gets the position of the next byte to read in the reply, which receives do not change.</summary>
    public long Offset => _bufferOffset + Position;

    /// <summary>Gets the number of received bytes that have not been read.</summary>
    public int UnreadCount => _limit - Position;

    /// <summary>Gets the received bytes that have not been read.</summary>
    public ReadOnlySpan<byte> Unread => _reply.AsSpan(Position, _limit - Position);

    private bool IsReplyRead => Position == _end && _frameRest == 0;

    /// <summary>Reads bytes if all of them have been received.</summary>
    public bool TryRead(int count, out ReadOnlySpan<byte> bytes)
    {
        var position = Position;
        if (_limit - position < count)
        {
            bytes = default;
            return false;
        }

        Position = position + count;
        bytes = _reply.AsSpan(position, count);
        return true;
    }

    /// <summary>
    /// Gets the number of received bytes of the reply, read or not. It includes what has been received after the
    /// current frame.
    /// </summary>
    public long ReceivedCount => Configuration.MaxMessageSize - RemainingMessageSize;

    /// <summary>Receives bytes, at least one unless a frame is empty.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ReceiveAsync()
    {
        if (TryBeginFrame())
        {
            // No receive looks at the token here, and many frames can be in the buffer.
            CallToken.ThrowIfCancellationRequested();
        }
        else
        {
            var count = await ReceiveAsync(GetFreeSpace()).ConfigureAwait(false);
            CountReceived(count);
            _end += count;
            ExtendLimit();
            if (Position == _limit)
            {
                TryBeginFrame();
            }
        }
    }

    /// <summary>Receives until a number of bytes can be read.</summary>
    public async ValueTask ReceiveAsync(long count)
    {
        while (UnreadCount < count)
        {
            await ReceiveAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Receives until the end of the stream.</summary>
    protected async Task ReceiveToEndAsync()
    {
        int count;
        while ((count = await ReceiveAsync(GetFreeSpace()).ConfigureAwait(false)) > 0)
        {
            CountReceived(count);
            _limit = _end += count;
        }
    }

    /// <summary>
    /// Ends a reply. Its buffer is released unless bytes remain, after which the connection is not reusable.
    /// </summary>
    public void EndReply()
    {
        ResetMessageSizeAndConsumedBytes();
        _isInFrame = false;
        if (!IsReplyRead || _reply.Length == 0)
        {
            return;
        }

        if (_reply.Length > _replyBufferSize)
        {
            _replyBufferSize = Math.Min(_reply.Length, LargestReplyBuffer);
        }
        else if (_end < _replyBufferSize / 4)
        {
            _replyBufferSize = Math.Max(_replyBufferSize / 2, SmallestReplyBuffer);
        }

        ReturnReplyBuffer();
        _reply = [];
        Position = _limit = _end = 0;
        _bufferOffset = 0;
    }

    /// <summary>Throws if a reply claims more bytes than its frame has, or than a reply may have.</summary>
    public sealed override void CheckReadBytesAvailable(long numBytes)
    {
        if (numBytes < 0)
        {
            throw new TProtocolException(TProtocolException.NEGATIVE_SIZE, "A length in it is negative");
        }

        var missing = numBytes - UnreadCount;
        if (missing <= 0)
        {
            return;
        }

        base.CheckReadBytesAvailable(missing);
        if (_isInFrame && missing > _frameRest)
        {
            throw new TProtocolException(TProtocolException.INVALID_DATA, "A length in it exceeds the end of the frame");
        }
    }

    public sealed override ValueTask<int> ReadAsync(byte[] buffer, int offset, int length, CancellationToken cancellationToken)
        => UnreadCount > 0 || length == 0 ? new(ReadUnread(buffer.AsSpan(offset, length))) : ReceiveThenReadAsync(buffer.AsMemory(offset, length));

    public sealed override ValueTask<int> ReadAllAsync(byte[] buffer, int offset, int length, CancellationToken cancellationToken)
        => UnreadCount >= length ? new(ReadUnread(buffer.AsSpan(offset, length))) : ReceiveThenReadAllAsync(buffer.AsMemory(offset, length));

    private async ValueTask<int> ReceiveThenReadAsync(Memory<byte> destination)
    {
        await ReceiveAsync(1).ConfigureAwait(false);
        return ReadUnread(destination.Span);
    }

    private async ValueTask<int> ReceiveThenReadAllAsync(Memory<byte> destination)
    {
        for (var rest = destination[ReadUnread(destination.Span)..]; rest.Length > 0; rest = rest[ReadUnread(rest.Span)..])
        {
            if (rest.Length < SmallestReplyBuffer || (framed && _frameRest == 0))
            {
                await ReceiveAsync().ConfigureAwait(false);
                continue;
            }

            // Everything received has been read: the rest needs no copy.
            var count = await ReceiveAsync(framed && rest.Length > _frameRest ? rest[.._frameRest] : rest).ConfigureAwait(false);
            CountReceived(count);
            _frameRest -= framed ? count : 0;
            rest = rest[count..];
        }

        return destination.Length;
    }

    private int ReadUnread(Span<byte> destination)
    {
        var count = Math.Min(UnreadCount, destination.Length);
        _reply.AsSpan(Position, count).CopyTo(destination);
        Position += count;
        return count;
    }

    private void CountReceived(int count)
    {
        if (count == 0)
        {
            throw new TTransportException(TTransportException.ExceptionType.EndOfFile, "Cannot read, Remote side has closed");
        }

        HasReceivedReply = true;
        CountConsumedMessageBytes(count);
    }

    /// <summary>Makes received bytes readable: those of the current frame, or all.</summary>
    private void ExtendLimit()
    {
        if (!framed)
        {
            _limit = _end;
            return;
        }

        var count = Math.Min(_frameRest, _end - _limit);
        _limit += count;
        _frameRest -= count;
    }

    /// <summary>Begins the next frame if the current one is complete and the next header has been received.</summary>
    private bool TryBeginFrame()
    {
        if (!framed || _frameRest > 0 || _end - _limit < HeaderSize)
        {
            return false;
        }

        if (Position < _limit)
        {
            JoinFrames();
            return true;
        }

        _frameRest = ReadFrameSize(_limit);
        Position = _limit += HeaderSize;
        ExtendLimit();
        base.CheckReadBytesAvailable(_frameRest);
        return true;
    }

    /// <summary>
    /// Removes the headers of all frames in the buffer: the current value continues after them. One by one, each would
    /// move the rest of the buffer, and the value would be read again.
    /// </summary>
    private void JoinFrames()
    {
        var next = _limit;
        while (_frameRest == 0 && _end - next >= HeaderSize)
        {
            _frameRest = ReadFrameSize(next);
            next += HeaderSize;
            var count = Math.Min(_frameRest, _end - next);
            _reply.AsSpan(next, count).CopyTo(_reply.AsSpan(_limit));
            next += count;
            _limit += count;
            _frameRest -= count;
        }

        _reply.AsSpan(next, _end - next).CopyTo(_reply.AsSpan(_limit));
        _end -= next - _limit;
        base.CheckReadBytesAvailable(_frameRest);
    }

    private int ReadFrameSize(int position)
    {
        _isInFrame = true;
        var size = BinaryPrimitives.ReadInt32BigEndian(_reply.AsSpan(position));
        if (size < 0)
        {
            throw new TTransportException(TTransportException.ExceptionType.Unknown, $"The size of a frame is negative ({size}), so it is none");
        }

        return size <= Configuration.MaxFrameSize ? size : throw new TTransportException(
            TTransportException.ExceptionType.Unknown, $"Maximum frame size exceeded ({size} bytes; MaxFrameSize is {Configuration.MaxFrameSize})");
    }

    /// <summary>
    /// Gets the space for the next receive, which is at most one byte more than the limit of the reply allows.
    /// </summary>
    private Memory<byte> GetFreeSpace()
    {
        var isFull = _end == _reply.Length;
        if (Position == _end)
        {
            _bufferOffset += Position;
            Position = _limit = _end = 0;
        }

        if (_reply.Length == 0)
        {
            _reply = ArrayPool<byte>.Shared.Rent(_replyBufferSize);
        }
        else if (isFull && (_reply.Length < LargestReplyBuffer || Position < _end / 2))
        {
            GrowReply();
        }
        else if (isFull)
        {
            MoveUnread(_reply);
        }

        return _reply.AsMemory(_end, (int)Math.Min(_reply.Length - _end, RemainingMessageSize + 1));
    }

    /// <summary>
    /// Four times the size while it is small, then twice: at most a constant multiple of what has arrived.
    /// </summary>
    private void GrowReply()
    {
        var size = _reply.Length < LargestReplyBuffer ? Math.Min(4 * _reply.Length, LargestReplyBuffer) : (int)Math.Min(2L * _reply.Length, Array.MaxLength);
        var larger = ArrayPool<byte>.Shared.Rent(size);
        MoveUnread(larger);
        ReturnReplyBuffer();
        _reply = larger;
    }

    private void MoveUnread(byte[] buffer)
    {
        _reply.AsSpan(Position, _end - Position).CopyTo(buffer);
        _bufferOffset += Position;
        _limit -= Position;
        _end -= Position;
        Position = 0;
    }

    private void ReturnReplyBuffer()
    {
        if (_reply.Length <= LargestPooledBuffer)
        {
            ArrayPool<byte>.Shared.Return(_reply);
        }
    }
}
