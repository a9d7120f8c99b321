using System.Buffers.Binary;
using Thrift.Protocol;
using Thrift.Protocol.Entities;

namespace ThriftBreaker;

/// <summary>
/// Represents Thrift's compact protocol: integers of variable length, and field IDs relative to the field before.
/// </summary>
internal sealed class CompactProtocol(CallTransport transport, string? service) : LengthPrefixedProtocol(transport, service)
{
    private const byte ProtocolId = 0x82;
    private const byte Version = 1;
    private const byte VersionMask = 0x1F;
    private const int TypeShift = 5;
    private const int MaxShortCount = 14;
    private const byte True = 1;
    private const byte False = 2;

    /// <summary>Thrift's types by the number that the compact protocol has for them; 2 is false.</summary>
    private static readonly TType[] Types =
    [
        TType.Stop, TType.Bool, TType.Bool, TType.Byte, TType.I16, TType.I32, TType.I64, TType.Double, TType.String, TType.List, TType.Set, TType.Map, TType.Struct, TType.Uuid,
    ];

    private readonly Stack<short> _outerFields = new();
    private short _lastField;

    /// <summary>The header of a boolean field contains the value, and is written with it.</summary>
    private TField? _booleanField;
    private bool? _booleanValue;

    public override Task WriteStructBeginAsync(TStruct @struct, CancellationToken cancellationToken)
    {
        BeginStruct();
        return Task.CompletedTask;
    }

    public override Task WriteStructEndAsync(CancellationToken cancellationToken)
    {
        _lastField = _outerFields.Pop();
        return Task.CompletedTask;
    }

    public override Task WriteFieldBeginAsync(TField field, CancellationToken cancellationToken)
    {
        if (field.Type == TType.Bool)
        {
            _booleanField = field;
        }
        else
        {
            WriteField(field.ID, GetNumber(field.Type));
        }

        return Task.CompletedTask;
    }

    public override Task WriteMapBeginAsync(TMap map, CancellationToken cancellationToken)
    {
        WriteLength(map.Count);
        if (map.Count > 0)
        {
            Wire.Append(1)[0] = (byte)((GetNumber(map.KeyType) << 4) | GetNumber(map.ValueType));
        }

        return Task.CompletedTask;
    }

    public override Task WriteListBeginAsync(TList list, CancellationToken cancellationToken)
    {
        var isShort = list.Count <= MaxShortCount;
        Wire.Append(1)[0] = (byte)(((isShort ? list.Count : MaxShortCount + 1) << 4) | GetNumber(list.ElementType));
        if (!isShort)
        {
            WriteLength(list.Count);
        }

        return Task.CompletedTask;
    }

    public override Task WriteBoolAsync(bool b, CancellationToken cancellationToken)
    {
        var value = b ? True : False;
        if (_booleanField is { } field)
        {
            _booleanField = null;
            WriteField(field.ID, value);
        }
        else
        {
            Wire.Append(1)[0] = value;
        }

        return Task.CompletedTask;
    }

    public override Task WriteI16Async(short i16, CancellationToken cancellationToken) => WriteI32Async(i16, cancellationToken);

    public override Task WriteI32Async(int i32, CancellationToken cancellationToken)
    {
        WriteVarint((uint)((i32 << 1) ^ (i32 >> 31)));
        return Task.CompletedTask;
    }

    public override Task WriteI64Async(long i64, CancellationToken cancellationToken)
    {
        WriteVarint((ulong)((i64 << 1) ^ (i64 >> 63)));
        return Task.CompletedTask;
    }

    public override Task WriteDoubleAsync(double d, CancellationToken cancellationToken)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(Wire.Append(8), d);
        return Task.CompletedTask;
    }

    public override ValueTask<TStruct> ReadStructBeginAsync(CancellationToken cancellationToken)
    {
        BeginStruct();
        return base.ReadStructBeginAsync(cancellationToken);
    }

    public override Task ReadStructEndAsync(CancellationToken cancellationToken)
    {
        _lastField = _outerFields.Pop();
        return Task.CompletedTask;
    }

    public override ValueTask<TField> ReadFieldBeginAsync(CancellationToken cancellationToken)
        => TryReadField(out var value) ? new(value) : ReceiveThenReadAsync(this, static (CompactProtocol protocol, out TField value) => protocol.TryReadField(out value));

    public override ValueTask<bool> ReadBoolAsync(CancellationToken cancellationToken)
        => TryReadBool(out var value) ? new(value) : ReceiveThenReadAsync(this, static (CompactProtocol protocol, out bool value) => protocol.TryReadBool(out value));

    public override ValueTask<short> ReadI16Async(CancellationToken cancellationToken)
        => TryReadI16(out var value) ? new(value) : ReceiveThenReadAsync(this, static (CompactProtocol protocol, out short value) => protocol.TryReadI16(out value));

    public override ValueTask<int> ReadI32Async(CancellationToken cancellationToken)
        => TryReadI32(out var value) ? new(value) : ReceiveThenReadAsync(this, static (CompactProtocol protocol, out int value) => protocol.TryReadI32(out value));

    public override ValueTask<long> ReadI64Async(CancellationToken cancellationToken)
        => TryReadI64(out var value) ? new(value) : ReceiveThenReadAsync(this, static (CompactProtocol protocol, out long value) => protocol.TryReadI64(out value));

    public override ValueTask<double> ReadDoubleAsync(CancellationToken cancellationToken)
        => TryReadDouble(out var value) ? new(value) : ReceiveThenReadAsync(this, static (CompactProtocol protocol, out double value) => protocol.TryReadDouble(out value));

    /// <summary>Gets the bytes of the smallest value.</summary>
    public override int GetMinSerializedSize(TType type) => type switch
    {
        TType.Double => 8,
        TType.Uuid => 16,
        TType.Void or (>= TType.Stop and <= TType.List and not (TType)5 and not (TType)7 and not (TType)9) => 1,
        _ => throw new TProtocolException(TProtocolException.NOT_IMPLEMENTED, "unrecognized type code"),
    };

    protected override void WriteMessage(TMessage message)
    {
        Reset();
        var bytes = Wire.Append(2);
        bytes[0] = ProtocolId;
        bytes[1] = (byte)(Version | ((uint)message.Type << TypeShift));
        WriteVarint((uint)message.SeqID);
        WriteString(message.Name);
    }

    protected override void WriteLength(int length) => WriteVarint((uint)length);

    protected override bool TryReadMessage(out TMessage message)
    {
        message = default;
        var start = Wire.Position;
        if (!TryReadByte(out var protocolId))
        {
            return false;
        }

        if (protocolId != ProtocolId)
        {
            throw new TProtocolException($"Expected protocol id {ProtocolId:X} but got {protocolId:X}");
        }

        if (!TryReadByte(out var versionAndType))
        {
            return Restart(start);
        }

        if ((versionAndType & VersionMask) != Version)
        {
            throw new TProtocolException($"Expected version {Version} but got {versionAndType & VersionMask}");
        }

        if (!TryReadLength(out var sequenceId) || !TryReadBytes(out var name))
        {
            return Restart(start);
        }

        Reset();
        message = Match(name, (TMessageType)(versionAndType >> TypeShift), sequenceId);
        return true;
    }

    protected override bool TryReadMap(out TMap map)
    {
        map = default;
        var start = Wire.Position;
        if (!TryReadLength(out var count))
        {
            return false;
        }

        byte types = 0;
        if (count != 0 && !TryReadByte(out types))
        {
            return Restart(start);
        }

        map = new TMap(GetType(types >> 4), GetType(types & 0xF), count);
        return HasElements((long)count * (GetMinSerializedSize(map.KeyType) + GetMinSerializedSize(map.ValueType))) || Restart(start);
    }

    protected override bool TryReadList(out TList list)
    {
        list = default;
        var start = Wire.Position;
        if (!TryReadByte(out var header))
        {
            return false;
        }

        var count = header >> 4;
        if (count > MaxShortCount && !TryReadLength(out count))
        {
            return Restart(start);
        }

        list = new TList(GetType(header & 0xF), count);
        return HasElements((long)count * GetMinSerializedSize(list.ElementType)) || Restart(start);
    }

    protected override bool TryReadLength(out int length)
    {
        var isRead = TryReadVarint(maxBytes: 5, out var value);
        length = (int)value;
        return isRead;
    }

    private static byte GetNumber(TType type)
    {
        var number = Array.IndexOf(Types, type);
        return number >= 0 ? (byte)number : throw new TProtocolException(TProtocolException.NOT_IMPLEMENTED, "unrecognized type code");
    }

    private static TType GetType(int number)
        => number < Types.Length ? Types[number] : throw new TProtocolException(TProtocolException.INVALID_DATA, $"Unknown compact protocol type {number}");

    private void Reset()
    {
        _outerFields.Clear();
        _lastField = 0;
        _booleanField = null;
        _booleanValue = null;
    }

    private void BeginStruct()
    {
        _outerFields.Push(_lastField);
        _lastField = 0;
    }

    private void WriteField(short id, byte type)
    {
        var distance = id - _lastField;
        _lastField = id;
        if (distance is > 0 and <= 15)
        {
            Wire.Append(1)[0] = (byte)((distance << 4) | type);
        }
        else
        {
            Wire.Append(1)[0] = type;
            WriteVarint((uint)((id << 1) ^ (id >> 31)));
        }
    }

    private void WriteVarint(ulong value)
    {
        while (value >= 0x80)
        {
            Wire.Append(1)[0] = (byte)(value | 0x80);
            value >>= 7;
        }

        Wire.Append(1)[0] = (byte)value;
    }

    private bool TryReadField(out TField field)
    {
        field = StopField;
        var start = Wire.Position;
        if (!TryReadByte(out var header))
        {
            return false;
        }

        if (header == 0)
        {
            return true;
        }

        var id = (short)(_lastField + (header >> 4));
        if (header >> 4 == 0 && !TryReadI16(out id))
        {
            return Restart(start);
        }

        field = new TField("", GetType(header & 0xF), id);
        _lastField = id;
        if (field.Type == TType.Bool)
        {
            _booleanValue = (header & 0xF) == True;
        }

        return true;
    }

    private bool TryReadBool(out bool value)
    {
        if (_booleanValue is { } valueInHeader)
        {
            _booleanValue = null;
            value = valueInHeader;
            return true;
        }

        var isRead = TryReadByte(out var number);
        value = number == True;
        return isRead;
    }

    private bool TryReadI16(out short value)
    {
        var isRead = TryReadI32(out var number);
        value = (short)number;
        return isRead;
    }

    private bool TryReadI32(out int value)
    {
        var isRead = TryReadVarint(maxBytes: 5, out var number);
        value = (int)((uint)number >> 1) ^ -(int)(number & 1);
        return isRead;
    }

    private bool TryReadI64(out long value)
    {
        var isRead = TryReadVarint(maxBytes: 10, out var number);
        value = (long)(number >> 1) ^ -(long)(number & 1);
        return isRead;
    }

    private bool TryReadDouble(out double value)
    {
        var isRead = Wire.TryRead(8, out var bytes);
        value = isRead ? BinaryPrimitives.ReadDoubleLittleEndian(bytes) : default;
        return isRead;
    }

    private bool TryReadVarint(int maxBytes, out ulong value)
    {
        value = 0;
        var unread = Wire.Unread;
        for (var index = 0; index < maxBytes; index++)
        {
            if (index == unread.Length)
            {
                return false;
            }

            value |= (ulong)(unread[index] & 0x7F) << (7 * index);
            if (unread[index] < 0x80)
            {
                Wire.Position += index + 1;
                return true;
            }
        }

        throw new TProtocolException(TProtocolException.INVALID_DATA, $"Variable-length int over {maxBytes} bytes.");
    }
}
