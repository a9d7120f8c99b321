using Thrift.Protocol;
using Thrift.Protocol.Entities;

namespace ThriftBreaker;

/// <summary>
/// Represents Thrift's JSON protocol: JSON without white space, in which each value has its type before it.
/// </summary>
internal sealed partial class JsonProtocol(CallTransport transport, string? service) : CallProtocol(transport, service)
{
    private const int Version = 1;

    /// <summary>The places around the current one.</summary>
    private readonly Stack<Place> _outer = new();
    private Place _place;

    /// <summary>Specifies what comes next, which decides about punctuation and about the quotes of numbers.</summary>
    private enum Place
    {
        Message,
        FirstElement,
        Element,
        FirstKey,
        Key,
        Value,
    }

    private bool IsKey => _place is Place.FirstKey or Place.Key;

    /// <summary>Gets the bytes of the smallest value, without the delimiters between values.</summary>
    public override int GetMinSerializedSize(TType type) => type switch
    {
        TType.Stop or TType.Void or TType.Bool or TType.Byte or TType.I16 or TType.I32 or TType.I64 or TType.Double => 1,
        TType.String or TType.Struct or TType.Map or TType.Set or TType.List => 2,
        TType.Uuid => 36,
        _ => throw new TProtocolException(TProtocolException.NOT_IMPLEMENTED, "unrecognized type code"),
    };

    private void Reset()
    {
        _outer.Clear();
        _place = Place.Message;
    }

    private void Enter(Place place)
    {
        _outer.Push(_place);
        _place = place;
    }

    /// <summary>
    /// Moves to the next place. Returns the delimiter before the value at the current one; 0 for none.
    /// </summary>
    private byte MoveNext()
    {
        (var delimiter, _place) = _place switch
        {
            Place.FirstElement => ((byte)0, Place.Element),
            Place.Element => ((byte)',', Place.Element),
            Place.FirstKey => ((byte)0, Place.Value),
            Place.Key => ((byte)',', Place.Value),
            Place.Value => ((byte)':', Place.Key),
            _ => ((byte)0, Place.Message),
        };
        return delimiter;
    }
}
