using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Thrift.Protocol;
using Thrift.Protocol.Entities;
using Thrift.Protocol.Utilities;

namespace ThriftBreaker;

/// <content>The reading of replies.</content>
internal sealed partial class JsonProtocol
{
    private const int MaxNameLength = 64 * 1024;

    /// <summary>Writers of doubles use at most 25 characters; others can add zeros.</summary>
    private const int MaxNumberLength = 1_024;

    private static readonly SearchValues<byte> NumberCharacters = SearchValues.Create("+-.0123456789Ee"u8);

    /// <summary>
    /// The text that is not complete: where it starts, up to which byte it has been searched for its end, and whether
    /// that part has escapes. After each receive, the search continues there.
    /// </summary>
    private (long Offset, int End, bool HasEscapes) _partialText;

    public override Task ReadMessageEndAsync(CancellationToken cancellationToken)
    {
        var ending = ReadEndAsync((byte)']');
        if (ending.IsCompletedSuccessfully)
        {
            Wire.EndReply();
            return ending;
        }

        return EndReplyAsync(ending);
    }

    public override ValueTask<TStruct> ReadStructBeginAsync(CancellationToken cancellationToken)
        => Read(this, static (JsonProtocol protocol, out TStruct value) =>
        {
            value = AnonymousStruct;
            return protocol.TryReadBegin((byte)'{', Place.FirstKey);
        });

    public override Task ReadStructEndAsync(CancellationToken cancellationToken) => ReadEndAsync((byte)'}');

    public override ValueTask<TField> ReadFieldBeginAsync(CancellationToken cancellationToken)
        => Read(this, static (JsonProtocol protocol, out TField value) => protocol.TryReadField(out value));

    public override Task ReadFieldEndAsync(CancellationToken cancellationToken) => ReadEndAsync((byte)'}');

    public override ValueTask<TMap> ReadMapBeginAsync(CancellationToken cancellationToken)
        => Read(this, static (JsonProtocol protocol, out TMap value) => protocol.TryReadMap(out value));

    public override async Task ReadMapEndAsync(CancellationToken cancellationToken)
    {
        await ReadEndAsync((byte)'}').ConfigureAwait(false);
        await ReadEndAsync((byte)']').ConfigureAwait(false);
    }

    public override ValueTask<TList> ReadListBeginAsync(CancellationToken cancellationToken)
        => Read(this, static (JsonProtocol protocol, out TList value) => protocol.TryReadList(out value));

    public override Task ReadListEndAsync(CancellationToken cancellationToken) => ReadEndAsync((byte)']');

    public override ValueTask<TSet> ReadSetBeginAsync(CancellationToken cancellationToken)
        => Read(this, static (JsonProtocol protocol, out TSet value) =>
        {
            var isRead = protocol.TryReadList(out var list);
            value = new TSet(list);
            return isRead;
        });

    public override Task ReadSetEndAsync(CancellationToken cancellationToken) => ReadEndAsync((byte)']');

    public override ValueTask<bool> ReadBoolAsync(CancellationToken cancellationToken)
        => Read(this, static (JsonProtocol protocol, out bool value) =>
        {
            var isRead = protocol.TryReadInteger(long.MinValue, long.MaxValue, out var number);
            value = number != 0;
            return isRead;
        });

    public override ValueTask<sbyte> ReadByteAsync(CancellationToken cancellationToken)
        => Read(this, static (JsonProtocol protocol, out sbyte value) =>
        {
            var isRead = protocol.TryReadInteger(sbyte.MinValue, sbyte.MaxValue, out var number);
            value = (sbyte)number;
            return isRead;
        });

    public override ValueTask<short> ReadI16Async(CancellationToken cancellationToken)
        => Read(this, static (JsonProtocol protocol, out short value) =>
        {
            var isRead = protocol.TryReadInteger(short.MinValue, short.MaxValue, out var number);
            value = (short)number;
            return isRead;
        });

    public override ValueTask<int> ReadI32Async(CancellationToken cancellationToken)
        => Read(this, static (JsonProtocol protocol, out int value) => protocol.TryReadI32(out value));

    public override ValueTask<long> ReadI64Async(CancellationToken cancellationToken)
        => Read(this, static (JsonProtocol protocol, out long value) => protocol.TryReadInteger(long.MinValue, long.MaxValue, out value));

    public override ValueTask<double> ReadDoubleAsync(CancellationToken cancellationToken)
        => Read(this, static (JsonProtocol protocol, out double value) => protocol.TryReadDouble(out value));

    public override ValueTask<string> ReadStringAsync(CancellationToken cancellationToken)
        => Read(this, static (JsonProtocol protocol, out string value) =>
        {
            var isRead = protocol.TryReadText(out var text);
            value = isRead ? Encoding.UTF8.GetString(text) : "";
            return isRead;
        });

    public override ValueTask<byte[]> ReadBinaryAsync(CancellationToken cancellationToken)
        => Read(this, static (JsonProtocol protocol, out byte[] value) =>
        {
            var isRead = protocol.TryReadText(out var text);
            value = isRead ? FromBase64(text) : [];
            return isRead;
        });

    public override ValueTask<Guid> ReadUuidAsync(CancellationToken cancellationToken)
        => Read(this, static (JsonProtocol protocol, out Guid value) =>
        {
            value = default;
            return protocol.TryReadText(out var text)
                && (Guid.TryParse(Encoding.UTF8.GetString(text), out value) ? true : throw Invalid("A UUID in it has another format"));
        });

    protected override bool TryReadMessage(out TMessage message)
    {
        message = default;
        var start = Wire.Position;
        Reset();
        if (!TryReadBegin((byte)'[', Place.FirstElement) || !TryReadI32(out var version))
        {
            return Restart(start);
        }

        if (version != Version)
        {
            throw new TProtocolException(TProtocolException.BAD_VERSION, "Message contained bad version.");
        }

        if (!TryReadText(out var name))
        {
            return Restart(start);
        }

        if (name.Length > MaxNameLength)
        {
            throw Invalid("The name of a method in it is too long");
        }

        if (!TryReadI32(out var type) || !TryReadI32(out var sequenceId))
        {
            return Restart(start);
        }

        message = Match(name, (TMessageType)type, sequenceId);
        return true;

        bool Restart(int position)
        {
            Wire.Position = position;
            return false;
        }
    }

    private static TProtocolException Invalid(string message) => new(TProtocolException.INVALID_DATA, message);

    /// <summary>
    /// Decodes base64 with or without padding. Other text gives no bytes, also base64 with white space: Thrift reads the
    /// strings that it skips as binary values.
    /// </summary>
    private static byte[] FromBase64(ReadOnlySpan<byte> text)
    {
        text = text.TrimEnd((byte)'=');
        Span<byte> rest = [(byte)'=', (byte)'=', (byte)'=', (byte)'='];
        var whole = text.Length / 4 * 4;
        text[whole..].CopyTo(rest);
        var bytes = new byte[text.Length * 3L / 4];
        var restCount = 0;
        return Base64.DecodeFromUtf8(text[..whole], bytes, out _, out var count, isFinalBlock: false) == OperationStatus.Done
            && count == whole / 4 * 3
            && (whole == text.Length || Base64.DecodeFromUtf8(rest, bytes.AsSpan(count), out _, out restCount) == OperationStatus.Done)
            && count + restCount == bytes.Length
            ? bytes
            : [];
    }

    private async Task EndReplyAsync(Task ending)
    {
        await ending.ConfigureAwait(false);
        Wire.EndReply();
    }

    private Task ReadEndAsync(byte bracket) => TryReadEnd(bracket) ? Task.CompletedTask : ReceiveThenReadEndAsync(bracket);

    private async Task ReceiveThenReadEndAsync(byte bracket)
    {
        do
        {
            await Wire.ReceiveAsync().ConfigureAwait(false);
        }
        while (!TryReadEnd(bracket));
    }

    private bool TryReadEnd(byte bracket)
    {
        if (!TryReadCharacter(bracket))
        {
            return false;
        }

        _place = _outer.Pop();
        return true;
    }

    private bool TryReadField(out TField field)
    {
        field = StopField;
        if (Wire.UnreadCount == 0)
        {
            return false;
        }

        if (Wire.Unread[0] == (byte)'}')
        {
            return true;
        }

        var start = GetState();
        if (!TryReadInteger(short.MinValue, short.MaxValue, out var id) || !TryReadBegin((byte)'{', Place.FirstKey) || !TryReadType(out var type))
        {
            return Restart(start);
        }

        field = new TField("", type, (short)id);
        return true;
    }

    private bool TryReadMap(out TMap map)
    {
        map = default;
        var start = GetState();
        if (!TryReadBegin((byte)'[', Place.FirstElement) || !TryReadType(out var key) || !TryReadType(out var value) || !TryReadI32(out var count)
            || !TryReadBegin((byte)'{', Place.FirstKey) || !HasElements((long)count * (GetMinSerializedSize(key) + GetMinSerializedSize(value))))
        {
            return Restart(start);
        }

        map = new TMap(key, value, count);
        return true;
    }

    private bool TryReadList(out TList list)
    {
        list = default;
        var start = GetState();
        if (!TryReadBegin((byte)'[', Place.FirstElement) || !TryReadType(out var element) || !TryReadI32(out var count)
            || !HasElements((long)count * GetMinSerializedSize(element)))
        {
            return Restart(start);
        }

        list = new TList(element, count);
        return true;
    }

    private bool TryReadType(out TType type)
    {
        var isRead = TryReadText(out var name);
        type = isRead ? TJSONProtocolHelper.GetTypeIdForTypeName(name.Length <= 8 ? name.ToArray() : []) : default;
        return isRead;
    }

    private bool TryReadI32(out int value)
    {
        var isRead = TryReadInteger(int.MinValue, int.MaxValue, out var number);
        value = (int)number;
        return isRead;
    }

    private bool TryReadInteger(long min, long max, out long value)
    {
        value = 0;
        var start = GetState();
        var isKey = IsKey;
        if (!TryReadDelimiter() || (isKey && !TryReadCharacter((byte)'"')) || !TryReadDigits(out var digits) || (isKey && !TryReadCharacter((byte)'"')))
        {
            return Restart(start);
        }

        return long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= min && value <= max
            ? true
            : throw Invalid("A number in it has another format, or is out of range");
    }

    private bool TryReadDouble(out double value)
    {
        value = 0;
        var start = GetState();
        var isKey = IsKey;
        if (!TryReadDelimiter() || Wire.UnreadCount == 0)
        {
            return Restart(start);
        }

        var isQuoted = Wire.Unread[0] == (byte)'"';
        if (isQuoted ? !TryReadQuoted(out var digits) : !TryReadDigits(out digits))
        {
            return Restart(start);
        }

        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && isQuoted == (isKey || !double.IsFinite(value))
            ? true
            : throw Invalid("A number in it has another format, or is out of range");
    }

    /// <summary>
    /// Reads the characters of a number, whose end is known when the character after it has been received.
    /// </summary>
    private bool TryReadDigits(out ReadOnlySpan<byte> digits)
    {
        var unread = Wire.Unread;
        var length = unread.IndexOfAnyExcept(NumberCharacters);
        if (length > MaxNumberLength || (length < 0 && unread.Length > MaxNumberLength))
        {
            throw Invalid("A number in it is too long");
        }

        digits = length < 0 ? default : unread[..length];
        Wire.Position += digits.Length;
        return length >= 0;
    }

    /// <summary>Reads a string in UTF-8.</summary>
    private bool TryReadText(out ReadOnlySpan<byte> text)
    {
        text = default;
        var start = GetState();
        return (TryReadDelimiter() && TryReadQuoted(out text)) || Restart(start);
    }

    private bool TryReadQuoted(out ReadOnlySpan<byte> text)
    {
        text = default;
        var start = Wire.Position;
        if (!TryReadCharacter((byte)'"'))
        {
            return false;
        }

        var unread = Wire.Unread;
        var (offset, end, hasEscapes) = _partialText.Offset == Wire.Offset ? _partialText : (Wire.Offset, 0, false);
        while (end < unread.Length)
        {
            var special = unread[end..].IndexOfAny((byte)'"', (byte)'\\');
            if (special < 0)
            {
                end = unread.Length;
                break;
            }

            if (unread[end + special] == (byte)'"')
            {
                end += special;
                Wire.Position += end + 1;
                _partialText = default;
                text = hasEscapes ? Unescape(unread[..end]) : unread[..end];
                return true;
            }

            hasEscapes = true;
            if (end + special + 2 > unread.Length)
            {
                end += special;
                break;
            }

            end += special + 2;
        }

        _partialText = (offset, end, hasEscapes);
        Wire.Position = start;
        return false;
    }

    private bool TryReadBegin(byte bracket, Place first)
    {
        var start = GetState();
        if (!TryReadDelimiter() || !TryReadCharacter(bracket))
        {
            return Restart(start);
        }

        Enter(first);
        return true;
    }

    /// <summary>The caller restarts if it cannot read the value after the delimiter.</summary>
    private bool TryReadDelimiter()
    {
        var delimiter = MoveNext();
        return delimiter == 0 || TryReadCharacter(delimiter);
    }

    private bool TryReadCharacter(byte expected)
    {
        if (!TryReadByte(out var character))
        {
            return false;
        }

        return character == expected ? true : throw Invalid($"Unexpected character: {(char)character}");
    }

    private (int Position, Place Place, int Depth) GetState() => (Wire.Position, _place, _outer.Count);

    /// <summary>Returns false, and sets the state back to the start of a value.</summary>
    private bool Restart((int Position, Place Place, int Depth) start)
    {
        (Wire.Position, _place, var depth) = start;
        while (_outer.Count > depth)
        {
            _outer.Pop();
        }

        return false;
    }

    private static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> text)
    {
        var bytes = new byte[text.Length];
        var count = 0;
        int plain;
        while ((plain = text.IndexOf((byte)'\\')) >= 0)
        {
            text[..plain].CopyTo(bytes.AsSpan(count));
            count += plain;
            text = text[(plain + 1)..];
            if (text[0] == (byte)'u')
            {
                var character = ReadUtf16(ref text);
                count += (char.IsHighSurrogate(character) ? new Rune(character, ReadLowSurrogate(ref text)) : ToRune(character)).EncodeToUtf8(bytes.AsSpan(count));
                continue;
            }

            var index = TJSONProtocolConstants.EscapeChars.AsSpan().IndexOf((char)text[0]);
            bytes[count++] = index >= 0 ? TJSONProtocolConstants.EscapeCharValues[index] : throw Invalid("Expected control char");
            text = text[1..];
        }

        text.CopyTo(bytes.AsSpan(count));
        return bytes.AsSpan(0, count + text.Length);
    }

    private static Rune ToRune(char character) => Rune.TryCreate(character, out var rune) ? rune : throw Invalid("Expected high surrogate char");

    private static char ReadLowSurrogate(ref ReadOnlySpan<byte> text)
    {
        var character = text.StartsWith("\\u"u8) ? '\0' : throw Invalid("Expected low surrogate char");
        text = text[1..];
        character = ReadUtf16(ref text);
        return char.IsLowSurrogate(character) ? character : throw Invalid("Expected low surrogate char");
    }

    /// <summary>Reads four hexadecimal digits after a u.</summary>
    private static char ReadUtf16(ref ReadOnlySpan<byte> text)
    {
        if (text.Length < 5 || !ushort.TryParse(text[1..5], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var character))
        {
            throw Invalid("Expected hex character");
        }

        text = text[5..];
        return (char)character;
    }
}
