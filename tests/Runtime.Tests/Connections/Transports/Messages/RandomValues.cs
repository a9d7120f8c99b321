using Thrift.Protocol.Entities;

namespace ThriftBreaker.Runtime.Tests.Connections.Transports.Messages;

/// <summary>Creates the random values of one message.</summary>
/// <param name="random">The source of the values.</param>
/// <param name="binary">Whether the message's strings are bytes, which have the same type as texts.</param>
internal sealed class RandomValues(Random random, bool binary)
{
    private static readonly TType[] Types =
    [
        TType.Bool, TType.Byte, TType.I16, TType.I32, TType.I64, TType.Double, TType.String, TType.Uuid, TType.Struct, TType.Map, TType.Set, TType.List,
    ];

    /// <summary>Numbers and lengths at which an encoding changes.</summary>
    private static readonly long[] Edges =
        [0, 1, 63, 64, 127, 128, 255, 256, 8_191, 8_192, short.MaxValue, 65_535, 65_536, 1 << 20, 1 << 21, int.MaxValue, 1L << 32, 1L << 35, 1L << 56, long.MaxValue];

    private static readonly double[] Doubles = [0, -0.0, 1, -1, 0.1, 1e300, double.Epsilon, double.MaxValue, double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    private static readonly string[] Texts = ["", "a", "text", "\"quoted\" \\ / \b\f\n\r\t", "\u0001\u001f\u007f", "äöü €", "😀 😀", "\ud800 alone", "a:b", "null"];

    /// <summary>The values that the message may still get: containers in containers would make a few messages as large as all others.</summary>
    private int _left = 1_000;

    /// <summary>Creates a struct with fields of all types.</summary>
    /// <param name="depth">The number of structs and containers in each other.</param>
    public RandomValue.StructValue CreateStruct(int depth = 3)
    {
        var id = 0;
        var fields = new List<(short, RandomValue)>();
        for (var count = random.Next(8); count > 0; count--)
        {
            // Also IDs that are far apart, and smaller than the one before.
            id = random.Next(10) switch { 0 => random.Next(short.MinValue, short.MaxValue), 1 => id + random.Next(14, 20), _ => id + 1 };
            fields.Add(((short)id, Create(Types[random.Next(Types.Length)], depth)));
        }

        return new RandomValue.StructValue(fields);
    }

    private RandomValue Create(TType type, int depth)
    {
        _left--;
        return type switch
        {
            TType.Struct => CreateStruct(depth - 1),
            TType.List or TType.Set => CreateList(type, CreateType(depth), CreateCount(), depth - 2),
            TType.Map => CreateMap(CreateType(depth), CreateType(depth), CreateCount(), depth - 2),
            TType.Bool => new RandomValue.SimpleValue(type, random.Next(2) == 0),
            TType.Byte => new RandomValue.SimpleValue(type, (sbyte)CreateNumber()),
            TType.I16 => new RandomValue.SimpleValue(type, (short)CreateNumber()),
            TType.I32 => new RandomValue.SimpleValue(type, (int)CreateNumber()),
            TType.I64 => new RandomValue.SimpleValue(type, CreateNumber()),
            TType.Double => new RandomValue.SimpleValue(type, CreateDouble()),
            TType.Uuid => new RandomValue.SimpleValue(type, CreateUuid()),
            _ when binary => new RandomValue.SimpleValue(type, CreateBytes()),
            _ => new RandomValue.SimpleValue(type, CreateText()),
        };
    }

    /// <summary>The type of elements: at the greatest depth no struct and no container.</summary>
    private TType CreateType(int depth) => Types[random.Next(depth > 0 ? Types.Length : 8)];

    private int CreateCount() => Math.Min(random.Next(20) == 0 ? random.Next(200) : random.Next(17), Math.Max(0, _left));

    private RandomValue.ListValue CreateList(TType type, TType element, int count, int depth)
        => new(type, element, [.. Enumerable.Range(0, count).Select(_ => Create(element, depth))]);

    private RandomValue.MapValue CreateMap(TType key, TType value, int count, int depth)
        => new(key, value, [.. Enumerable.Range(0, count).Select(_ => (Create(key, depth), Create(value, depth)))]);

    private long CreateNumber()
    {
        var edge = Edges[random.Next(Edges.Length)] + random.Next(-1, 2);
        return random.Next(2) == 0 ? edge : -edge;
    }

    private double CreateDouble()
        => random.Next(2) == 0 ? Doubles[random.Next(Doubles.Length)] : BitConverter.Int64BitsToDouble(random.NextInt64());

    private Guid CreateUuid()
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private string CreateText()
        => IsLarge() ? new string('x', random.Next(100_000)) : string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => Texts[random.Next(Texts.Length)]));

    private byte[] CreateBytes()
    {
        var bytes = new byte[IsLarge() ? random.Next(200_000) : random.Next(10)];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Whether the next text or bytes are larger than every buffer; a message has few of them.</summary>
    private bool IsLarge()
    {
        if (random.Next(500) != 0)
        {
            return false;
        }

        _left -= 200;
        return _left > 0;
    }
}
