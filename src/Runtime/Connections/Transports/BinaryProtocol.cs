using System.Buffers.Binary;
using Thrift.Protocol;
using Thrift.Protocol.Entities;

namespace ThriftBreaker;

/// <summary>Represents Thrift's binary protocol: fixed sizes, the highest byte first.</summary>
internal sealed class BinaryProtocol(CallTransport transport, string? service) : LengthPrefixedProtocol(transport, service)
{
    private const uint Version = 0x80010000;
    private const uint VersionMask = 0xFFFF0000;

    public override Task WriteFieldBeginAsync(TField field, CancellationToken cancellationToken)
    {
        var bytes = Wire.Append(3);
        bytes[0] = (byte)field.Type;
        BinaryPrimitives.WriteInt16BigEndian(bytes[1..], field.ID);
        return Task.CompletedTask;
    }

    public override Task WriteMapBeginAsync(TMap map, CancellationToken cancellationToken)
    {
        var bytes = Wire.Append(6);
        bytes[0] = (byte)map.KeyType;
        bytes[1] = (byte)map.ValueType;
        BinaryPrimitives.WriteInt32BigEndian(bytes[2..], map.Count);
        return Task.CompletedTask;
    }

    public override Task WriteListBeginAsync(TList list, CancellationToken cancellationToken)
    {
        var bytes = Wire.Append(5);
        bytes[0] = (byte)list.ElementType;
        BinaryPrimitives.WriteInt32BigEndian(bytes[1..], list.Count);
        return Task.CompletedTask;
    }

    public override Task WriteBoolAsync(bool b, CancellationToken cancellationToken)
    {
        Wire.Append(1)[0] = b ? (byte)1 : (byte)0;
        return Task.CompletedTask;
    }

    public override Task WriteI16Async(short i16, CancellationToken cancellationToken)
    {
        BinaryPrimitives.WriteInt16BigEndian(Wire.Append(2), i16);
        return Task.CompletedTask;
    }

    public override Task WriteI32Async(int i32, CancellationToken cancellationToken)
    {
        WriteLength(i32);
        return Task.CompletedTask;
    }

    public override Task WriteI64Async(long i64, CancellationToken cancellationToken)
    {
        BinaryPrimitives.WriteInt64BigEndian(Wire.Append(8), i64);
        return Task.CompletedTask;
    }

    public override Task WriteDoubleAsync(double d, CancellationToken cancellationToken)
    {
        BinaryPrimitives.WriteDoubleBigEndian(Wire.Append(8), d);
        return Task.CompletedTask;
    }

    public override ValueTask<TField> ReadFieldBeginAsync(CancellationToken cancellationToken)
        => TryReadField(out var value) ? new(value) : ReceiveThenReadAsync(this, static (BinaryProtocol protocol, out TField value) => protocol.TryReadField(out value));

    public override ValueTask<bool> ReadBoolAsync(CancellationToken cancellationToken)
        => TryReadBool(out var value) ? new(value) : ReceiveThenReadAsync(this, static (BinaryProtocol protocol, out bool value) => protocol.TryReadBool(out value));

    public override ValueTask<short> ReadI16Async(CancellationToken cancellationToken)
        => TryReadI16(out var value) ? new(value) : ReceiveThenReadAsync(this, static (BinaryProtocol protocol, out short value) => protocol.TryReadI16(out value));

    public override ValueTask<int> ReadI32Async(CancellationToken cancellationToken)
        => TryReadI32(out var value) ? new(value) : ReceiveThenReadAsync(this, static (BinaryProtocol protocol, out int value) => protocol.TryReadI32(out value));

    public override ValueTask<long> ReadI64Async(CancellationToken cancellationToken)
        => TryReadI64(out var value) ? new(value) : ReceiveThenReadAsync(this, static (BinaryProtocol protocol, out long value) => protocol.TryReadI64(out value));

    public override ValueTask<double> ReadDoubleAsync(CancellationToken cancellationToken)
        => TryReadDouble(out var value) ? new(value) : ReceiveThenReadAsync(this, static (BinaryProtocol protocol, out double value) => protocol.TryReadDouble(out value));

    /// <summary>
    /// Gets the bytes of the smallest value: an empty struct is its end, an empty container its header.
    /// </summary>
    public override int GetMinSerializedSize(TType type) => type switch
    {
        TType.Stop or TType.Void or TType.Bool or TType.Byte or TType.Struct => 1,
        TType.I16 => 2,
        TType.I32 or TType.String => 4,
        TType.List or TType.Set => 5,
        TType.Map => 6,
        TType.I64 or TType.Double => 8,
        TType.Uuid => 16,
        _ => throw new TProtocolException(TProtocolException.NOT_IMPLEMENTED, "unrecognized type code"),
    };

    protected override void WriteMessage(TMessage message)
    {
        WriteLength((int)(Version | (uint)message.Type));
        WriteString(message.Name);
        WriteLength(message.SeqID);
    }

    protected override void WriteLength(int length) => BinaryPrimitives.WriteInt32BigEndian(Wire.Append(4), length);

    protected override bool TryReadMessage(out TMessage message)
    {
        message = default;
        var start = Wire.Position;
        if (!TryReadI32(out var first))
        {
            return false;
        }

        return (first < 0 ? TryReadMessage((uint)first, ref message) : TryReadOldMessage(first, ref message)) || Restart(start);
    }

    protected override bool TryReadMap(out TMap map)
    {
        map = default;
        if (!Wire.TryRead(6, out var bytes))
        {
            return false;
        }

        map = new TMap((TType)bytes[0], (TType)bytes[1], BinaryPrimitives.ReadInt32BigEndian(bytes[2..]));
        return HasElements(map.Count, GetMinSerializedSize(map.KeyType) + GetMinSerializedSize(map.ValueType), headerSize: 6);
    }

    protected override bool TryReadList(out TList list)
    {
        list = default;
        if (!Wire.TryRead(5, out var bytes))
        {
            return false;
        }

        list = new TList((TType)bytes[0], BinaryPrimitives.ReadInt32BigEndian(bytes[1..]));
        return HasElements(list.Count, GetMinSerializedSize(list.ElementType), headerSize: 5);
    }

    protected override bool TryReadLength(out int length) => TryReadI32(out length);

    private bool HasElements(int count, long size, int headerSize) => HasElements(count * size) || Restart(Wire.Position - headerSize);

    /// <summary>Version, type, name and sequence ID.</summary>
    private bool TryReadMessage(uint first, ref TMessage message)
    {
        if ((first & VersionMask) != Version)
        {
            throw new TProtocolException(TProtocolException.BAD_VERSION, $"Bad version in ReadMessageBegin: {first & VersionMask}");
        }

        if (!TryReadBytes(out var name) || !TryReadI32(out var sequenceId))
        {
            return false;
        }

        message = Match(name, (TMessageType)(first & 0xFF), sequenceId);
        return true;
    }

    /// <summary>Name, type and sequence ID, as old servers send them.</summary>
    private bool TryReadOldMessage(int length, ref TMessage message)
    {
        if (!IsReceived(length) || !Wire.TryRead(length, out var name) || !TryReadByte(out var type) || !TryReadI32(out var sequenceId))
        {
            return false;
        }

        message = Match(name, (TMessageType)type, sequenceId);
        return true;
    }

    private bool TryReadField(out TField field)
    {
        field = StopField;
        var unread = Wire.Unread;
        if (unread.Length == 0)
        {
            return false;
        }

        if (unread[0] == (byte)TType.Stop)
        {
            Wire.Position++;
            return true;
        }

        if (unread.Length < 3)
        {
            return false;
        }

        field = new TField("", (TType)unread[0], BinaryPrimitives.ReadInt16BigEndian(unread[1..]));
        Wire.Position += 3;
        return true;
    }

    private bool TryReadBool(out bool value)
    {
        var isRead = TryReadByte(out var number);
        value = number == 1;
        return isRead;
    }

    private bool TryReadI16(out short value)
    {
        var isRead = Wire.TryRead(2, out var bytes);
        value = isRead ? BinaryPrimitives.ReadInt16BigEndian(bytes) : default;
        return isRead;
    }

    private bool TryReadI32(out int value)
    {
        var isRead = Wire.TryRead(4, out var bytes);
        value = isRead ? BinaryPrimitives.ReadInt32BigEndian(bytes) : default;
        return isRead;
    }

    private bool TryReadI64(out long value)
    {
        var isRead = Wire.TryRead(8, out var bytes);
        value = isRead ? BinaryPrimitives.ReadInt64BigEndian(bytes) : default;
        return isRead;
    }

    private bool TryReadDouble(out double value)
    {
        var isRead = TryReadI64(out var bits);
        value = BitConverter.Int64BitsToDouble(bits);
        return isRead;
    }
}
