using System.Buffers;
using System.Buffers.Binary;

namespace ThriftBreaker;

/// <content>The request: protocols append to a buffer, which is sent with one write.</content>
internal abstract partial class CallTransport
{
    private const int SmallestRequestBuffer = 512;
    private byte[] _request = [];
    private int _requestEnd;

    /// <summary>Gets whether the buffer of a sent request can be used again at once.</summary>
    protected virtual bool CanReuseRequestBuffer => true;

    /// <summary>
    /// Gets whether a request was begun, and is not complete: an exception of now is not the server's.
    /// </summary>
    public bool IsWritingRequest => !HasSentRequest && _requestEnd > RequestStart;

    private int RequestStart => framed ? HeaderSize : 0;

    /// <summary>Begins a request. The rest of a request that could not be completed is discarded.</summary>
    public void BeginRequest()
    {
        HasSentRequest = false;
        _requestEnd = RequestStart;
    }

    /// <summary>Appends bytes to the request, and returns them to be set.</summary>
    public Span<byte> Append(int count)
    {
        if (_request.Length - _requestEnd < count)
        {
            GrowRequest(count);
        }

        var appended = _request.AsSpan(_requestEnd, count);
        _requestEnd += count;
        return appended;
    }

    public sealed override Task WriteAsync(byte[] buffer, int offset, int length, CancellationToken cancellationToken)
    {
        buffer.AsSpan(offset, length).CopyTo(Append(length));
        return Task.CompletedTask;
    }

    public sealed override Task WriteAsync(byte[] buffer, CancellationToken cancellationToken) => WriteAsync(buffer, 0, buffer.Length, cancellationToken);

    /// <summary>Sends the request.</summary>
    public sealed override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_request.Length == 0)
        {
            return;
        }

        if (framed)
        {
            BinaryPrimitives.WriteInt32BigEndian(_request, _requestEnd - HeaderSize);
        }

        HasSentRequest = true;

        // All bytes from now on are those of the reply.
        ResetMessageSizeAndConsumedBytes();
        _isInFrame = false;
        await SendAsync(_request.AsMemory(0, _requestEnd)).ConfigureAwait(false);
        ReleaseRequest();
    }

    private void ReleaseRequest()
    {
        var request = _request;
        _request = [];
        _requestEnd = 0;
        if (CanReuseRequestBuffer)
        {
            ReturnRequestBuffer(request);
        }
    }

    private static void ReturnRequestBuffer(byte[] request)
    {
        if (request.Length <= LargestPooledBuffer)
        {
            ArrayPool<byte>.Shared.Return(request);
        }
    }

    private void GrowRequest(int count)
    {
        var request = _request;
        if (request.Length == 0)
        {
            _requestEnd = RequestStart;
        }

        var size = checked(_requestEnd + count);
        _request = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(Math.Max(size, SmallestRequestBuffer), 2L * request.Length), Array.MaxLength));
        if (request.Length > 0)
        {
            request.AsSpan(0, _requestEnd).CopyTo(_request);
            ReturnRequestBuffer(request);
        }
    }
}
