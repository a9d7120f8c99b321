using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Thrift.Protocol.Entities;
using Thrift.Protocol.Utilities;

namespace ThriftBreaker;

/// <content>The writing of requests.</content>
internal sealed partial class JsonProtocol
{
    /// <summary>The bytes of a string that are escaped: control characters, the quote and the backslash.</summary>
    private static readonly SearchValues<byte> EscapedBytes = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(static value => (byte)value), (byte)'"', (byte)'\\']);

    public override Task WriteMessageEndAsync(CancellationToken cancellationToken) => WriteEndAsync((byte)']');

    public override Task WriteStructBeginAsync(TStruct @struct, CancellationToken cancellationToken)
    {
        WriteBegin((byte)'{', Place.FirstKey);
        return Task.CompletedTask;
    }

    public override Task WriteStructEndAsync(CancellationToken cancellationToken) => WriteEndAsync((byte)'}');

    public override Task WriteFieldBeginAsync(TField field, CancellationToken cancellationToken)
    {
        WriteInteger(field.ID);
        WriteBegin((byte)'{', Place.FirstKey);
        WriteType(field.Type);
        return Task.CompletedTask;
    }

    public override Task WriteFieldEndAsync(CancellationToken cancellationToken) => WriteEndAsync((byte)'}');

    public override Task WriteFieldStopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override Task WriteMapBeginAsync(TMap map, CancellationToken cancellationToken)
    {
        WriteBegin((byte)'[', Place.FirstElement);
        WriteType(map.KeyType);
        WriteType(map.ValueType);
        WriteInteger(map.Count);
        WriteBegin((byte)'{', Place.FirstKey);
        return Task.CompletedTask;
    }

    public override Task WriteMapEndAsync(CancellationToken cancellationToken)
    {
        WriteEndAsync((byte)'}');
        return WriteEndAsync((byte)']');
    }

    public override Task WriteListBeginAsync(TList list, CancellationToken cancellationToken)
    {
        WriteBegin((byte)'[', Place.FirstElement);
        WriteType(list.ElementType);
        WriteInteger(list.Count);
        return Task.CompletedTask;
    }

    public override Task WriteListEndAsync(CancellationToken cancellationToken) => WriteEndAsync((byte)']');

    public override Task WriteSetBeginAsync(TSet set, CancellationToken cancellationToken) => WriteListBeginAsync(new TList(set.ElementType, set.Count), cancellationToken);

    public override Task WriteSetEndAsync(CancellationToken cancellationToken) => WriteEndAsync((byte)']');

    public override Task WriteBoolAsync(bool b, CancellationToken cancellationToken) => WriteI64Async(b ? 1 : 0, cancellationToken);

    public override Task WriteByteAsync(sbyte b, CancellationToken cancellationToken) => WriteI64Async(b, cancellationToken);

    public override Task WriteI16Async(short i16, CancellationToken cancellationToken) => WriteI64Async(i16, cancellationToken);

    public override Task WriteI32Async(int i32, CancellationToken cancellationToken) => WriteI64Async(i32, cancellationToken);

    public override Task WriteI64Async(long i64, CancellationToken cancellationToken)
    {
        WriteInteger(i64);
        return Task.CompletedTask;
    }

    public override Task WriteDoubleAsync(double d, CancellationToken cancellationToken)
    {
        Span<byte> digits = stackalloc byte[32];
        d.TryFormat(digits, out var length, "G17", CultureInfo.InvariantCulture);
        WriteNumber(digits[..length], quoted: IsKey || !double.IsFinite(d));
        return Task.CompletedTask;
    }

    public override Task WriteStringAsync(string s, CancellationToken cancellationToken)
    {
        var utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetByteCount(s));
        WriteText(utf8.AsSpan(0, Encoding.UTF8.GetBytes(s, utf8)));
        ArrayPool<byte>.Shared.Return(utf8);
        return Task.CompletedTask;
    }

    /// <summary>In base64 without padding.</summary>
    public override Task WriteBinaryAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        WriteDelimiter();
        Write((byte)'"');
        var rest = bytes.Length % 3;
        Base64.EncodeToUtf8(bytes.AsSpan(0, bytes.Length - rest), Wire.Append(checked((bytes.Length - rest) / 3 * 4)), out _, out _);
        if (rest > 0)
        {
            Span<byte> padded = stackalloc byte[4];
            Base64.EncodeToUtf8(bytes.AsSpan(bytes.Length - rest), padded, out _, out _);
            padded[..(rest + 1)].CopyTo(Wire.Append(rest + 1));
        }

        Write((byte)'"');
        return Task.CompletedTask;
    }

    public override Task WriteUuidAsync(Guid uuid, CancellationToken cancellationToken)
    {
        Span<byte> text = stackalloc byte[36];
        uuid.TryFormat(text, out _, "D");
        WriteText(text);
        return Task.CompletedTask;
    }

    protected override void WriteMessage(TMessage message)
    {
        Reset();
        WriteBegin((byte)'[', Place.FirstElement);
        WriteInteger(Version);
        WriteStringAsync(message.Name, CancellationToken.None);
        WriteInteger((int)message.Type);
        WriteInteger(message.SeqID);
    }

    private void Write(byte character) => Wire.Append(1)[0] = character;

    private void WriteBegin(byte bracket, Place first)
    {
        WriteDelimiter();
        Write(bracket);
        Enter(first);
    }

    private Task WriteEndAsync(byte bracket)
    {
        _place = _outer.Pop();
        Write(bracket);
        return Task.CompletedTask;
    }

    private void WriteDelimiter()
    {
        var delimiter = MoveNext();
        if (delimiter != 0)
        {
            Write(delimiter);
        }
    }

    private void WriteType(TType type) => WriteText(TJSONProtocolHelper.GetTypeNameForTypeId(type));

    private void WriteInteger(long number)
    {
        Span<byte> digits = stackalloc byte[20];
        number.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        WriteNumber(digits[..length], quoted: IsKey);
    }

    private void WriteNumber(ReadOnlySpan<byte> digits, bool quoted)
    {
        WriteDelimiter();
        if (quoted)
        {
            Write((byte)'"');
        }

        digits.CopyTo(Wire.Append(digits.Length));
        if (quoted)
        {
            Write((byte)'"');
        }
    }

    private void WriteText(ReadOnlySpan<byte> utf8)
    {
        WriteDelimiter();
        Write((byte)'"');
        int plain;
        while ((plain = utf8.IndexOfAny(EscapedBytes)) >= 0)
        {
            utf8[..plain].CopyTo(Wire.Append(plain));
            WriteEscaped(utf8[plain]);
            utf8 = utf8[(plain + 1)..];
        }

        utf8.CopyTo(Wire.Append(utf8.Length));
        Write((byte)'"');
    }

    private void WriteEscaped(byte character)
    {
        var letter = character switch
        {
            (byte)'\b' => (byte)'b',
            (byte)'\t' => (byte)'t',
            (byte)'\n' => (byte)'n',
            (byte)'\f' => (byte)'f',
            (byte)'\r' => (byte)'r',
            (byte)'"' or (byte)'\\' => character,
            _ => (byte)0,
        };
        Write((byte)'\\');
        if (letter != 0)
        {
            Write(letter);
            return;
        }

        "u00"u8.CopyTo(Wire.Append(3));
        Write(TJSONProtocolHelper.ToHexChar((byte)(character >> 4)));
        Write(TJSONProtocolHelper.ToHexChar(character));
    }
}
