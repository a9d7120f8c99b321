using System.Text;
using Thrift.Protocol.Entities;

namespace ThriftBreaker;

/// <summary>
/// Represents a binary protocol: strings and containers have their length before them, and most ends have no bytes.
/// </summary>
internal abstract class LengthPrefixedProtocol(CallTransport transport, string? service) : CallProtocol(transport, service)
{
    public sealed override Task WriteMessageEndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override Task WriteStructBeginAsync(TStruct @struct, CancellationToken cancellationToken) => Task.CompletedTask;

    public override Task WriteStructEndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public sealed override Task WriteFieldEndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public sealed override Task WriteFieldStopAsync(CancellationToken cancellationToken)
    {
        Wire.Append(1)[0] = (byte)TType.Stop;
        return Task.CompletedTask;
    }

    public sealed override Task WriteMapEndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public sealed override Task WriteListEndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public sealed override Task WriteSetBeginAsync(TSet set, CancellationToken cancellationToken) => WriteListBeginAsync(new TList(set.ElementType, set.Count), cancellationToken);

    public sealed override Task WriteSetEndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public sealed override Task WriteByteAsync(sbyte b, CancellationToken cancellationToken)
    {
        Wire.Append(1)[0] = (byte)b;
        return Task.CompletedTask;
    }

    public sealed override Task WriteStringAsync(string s, CancellationToken cancellationToken)
    {
        WriteString(s);
        return Task.CompletedTask;
    }

    public sealed override Task WriteBinaryAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        WriteLength(bytes.Length);
        bytes.CopyTo(Wire.Append(bytes.Length));
        return Task.CompletedTask;
    }

    public sealed override Task WriteUuidAsync(Guid uuid, CancellationToken cancellationToken)
    {
        uuid.TryWriteBytes(Wire.Append(16), bigEndian: true, out _);
        return Task.CompletedTask;
    }

    public sealed override Task ReadMessageEndAsync(CancellationToken cancellationToken)
    {
        Wire.EndReply();
        return Task.CompletedTask;
    }

    public override ValueTask<TStruct> ReadStructBeginAsync(CancellationToken cancellationToken) => new(AnonymousStruct);

    public override Task ReadStructEndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public sealed override Task ReadFieldEndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public sealed override Task ReadMapEndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public sealed override Task ReadListEndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public sealed override Task ReadSetEndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public sealed override ValueTask<TMap> ReadMapBeginAsync(CancellationToken cancellationToken)
        => Read(this, static (LengthPrefixedProtocol protocol, out TMap value) => protocol.TryReadMap(out value));

    public sealed override ValueTask<TList> ReadListBeginAsync(CancellationToken cancellationToken)
        => Read(this, static (LengthPrefixedProtocol protocol, out TList value) => protocol.TryReadList(out value));

    public sealed override ValueTask<TSet> ReadSetBeginAsync(CancellationToken cancellationToken)
        => Read(this, static (LengthPrefixedProtocol protocol, out TSet value) =>
        {
            var isRead = protocol.TryReadList(out var list);
            value = new TSet(list);
            return isRead;
        });

    public sealed override ValueTask<sbyte> ReadByteAsync(CancellationToken cancellationToken)
        => TryReadByte(out var value) ? new((sbyte)value) : ReceiveThenReadAsync(this, static (LengthPrefixedProtocol protocol, out sbyte value) =>
        {
            var isRead = protocol.TryReadByte(out var unsigned);
            value = (sbyte)unsigned;
            return isRead;
        });

    public sealed override ValueTask<string> ReadStringAsync(CancellationToken cancellationToken)
        => TryReadString(out var value) ? new(value) : ReceiveThenReadAsync(this, static (LengthPrefixedProtocol protocol, out string value) => protocol.TryReadString(out value));

    public sealed override ValueTask<byte[]> ReadBinaryAsync(CancellationToken cancellationToken)
        => TryReadBytes(out var bytes) ? new(bytes.ToArray()) : ReceiveBinaryAsync();

    public sealed override ValueTask<Guid> ReadUuidAsync(CancellationToken cancellationToken)
        => Read(this, static (LengthPrefixedProtocol protocol, out Guid value) =>
        {
            var isRead = protocol.Wire.TryRead(16, out var bytes);
            value = isRead ? new Guid(bytes, bigEndian: true) : default;
            return isRead;
        });

    protected abstract void WriteLength(int length);

    protected abstract bool TryReadMap(out TMap map);

    /// <summary>Reads the header of a list or a set.</summary>
    protected abstract bool TryReadList(out TList list);

    protected abstract bool TryReadLength(out int length);

    protected void WriteString(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        WriteLength(length);
        Encoding.UTF8.GetBytes(text, Wire.Append(length));
    }

    /// <summary>Reads the bytes after a length.</summary>
    protected bool TryReadBytes(out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        var start = Wire.Position;
        return TryReadLength(out var length) && (IsReceived(length) || Restart(start)) && Wire.TryRead(length, out bytes);
    }

    /// <summary>Returns false, and sets the position back to the start of a value.</summary>
    protected bool Restart(int start)
    {
        Wire.Position = start;
        return false;
    }

    private bool TryReadString(out string value)
    {
        var isRead = TryReadBytes(out var bytes);
        value = isRead ? Encoding.UTF8.GetString(bytes) : "";
        return isRead;
    }

    /// <summary>
    /// Receives the bytes of a large value into its array, which is allocated when a quarter of them have been
    /// received.
    /// </summary>
    private async ValueTask<byte[]> ReceiveBinaryAsync()
    {
        int length;
        while (!TryReadLength(out length))
        {
            await Wire.ReceiveAsync().ConfigureAwait(false);
        }

        if (!IsReceived(length))
        {
            await Wire.ReceiveAsync(length / 4).ConfigureAwait(false);
        }

        var value = GC.AllocateUninitializedArray<byte>(length);
        await Wire.ReadAllAsync(value, 0, length, CancellationToken.None).ConfigureAwait(false);
        return value;
    }
}
