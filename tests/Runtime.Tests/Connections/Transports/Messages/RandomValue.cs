using System.Globalization;
using System.Text;
using Thrift.Protocol;
using Thrift.Protocol.Entities;

namespace ThriftBreaker.Runtime.Tests.Connections.Transports.Messages;

/// <summary>A value of a Thrift type, as generated code would write and read it.</summary>
internal abstract record RandomValue(TType Type)
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

    /// <summary>Creates a struct with fields of all types.</summary>
    /// <param name="random">The source of the values.</param>
    /// <param name="binary">Whether its strings are bytes, which have the same type as texts.</param>
    /// <param name="depth">The number of structs and containers in each other.</param>
    public static StructValue CreateStruct(Random random, bool binary = false, int depth = 3)
    {
        var id = 0;
        var fields = new List<(short, RandomValue)>();
        for (var count = random.Next(8); count > 0; count--)
        {
            // Also IDs that are far apart, and smaller than the one before.
            id = random.Next(10) switch { 0 => random.Next(short.MinValue, short.MaxValue), 1 => id + random.Next(14, 20), _ => id + 1 };
            fields.Add(((short)id, Create(Types[random.Next(Types.Length)], random, binary, depth)));
        }

        return new StructValue(fields);
    }

    public abstract Task WriteAsync(TProtocol protocol);

    /// <summary>Reads a struct as a list of fields.</summary>
    public static async Task<StructValue> ReadStructAsync(TProtocol protocol, bool binary)
    {
        var fields = new List<(short, RandomValue)>();
        await protocol.ReadStructBeginAsync();
        TField field;
        while ((field = await protocol.ReadFieldBeginAsync()).Type != TType.Stop)
        {
            fields.Add((field.ID, await ReadAsync(protocol, field.Type, binary)));
            await protocol.ReadFieldEndAsync();
        }

        await protocol.ReadStructEndAsync();
        return new StructValue(fields);
    }

    public sealed override string ToString()
    {
        var text = new StringBuilder();
        Describe(text);
        return text.ToString();
    }

    protected abstract void Describe(StringBuilder text);

    private static RandomValue Create(TType type, Random random, bool binary, int depth)
    {
        var element = Types[random.Next(depth > 0 ? Types.Length : 8)];
        var count = random.Next(20) == 0 ? random.Next(200) : random.Next(17);
        return type switch
        {
            TType.Struct => CreateStruct(random, binary, depth - 1),
            TType.List or TType.Set => new ListValue(type, element, [.. Enumerable.Range(0, count).Select(_ => Create(element, random, binary, depth - 2))]),
            TType.Map => CreateMap(element, Types[random.Next(depth > 0 ? Types.Length : 8)], count, random, binary, depth - 2),
            TType.Bool => new SimpleValue(type, random.Next(2) == 0),
            TType.Byte => new SimpleValue(type, (sbyte)CreateNumber(random)),
            TType.I16 => new SimpleValue(type, (short)CreateNumber(random)),
            TType.I32 => new SimpleValue(type, (int)CreateNumber(random)),
            TType.I64 => new SimpleValue(type, CreateNumber(random)),
            TType.Double => new SimpleValue(type, random.Next(2) == 0 ? Doubles[random.Next(Doubles.Length)] : BitConverter.Int64BitsToDouble(random.NextInt64())),
            TType.Uuid => new SimpleValue(type, Guid.NewGuid()),
            _ when binary => new SimpleValue(type, CreateBytes(random)),
            _ => new SimpleValue(type, CreateText(random)),
        };
    }

    private static MapValue CreateMap(TType key, TType value, int count, Random random, bool binary, int depth)
        => new(key, value, [.. Enumerable.Range(0, count).Select(_ => (Create(key, random, binary, depth), Create(value, random, binary, depth)))]);

    private static long CreateNumber(Random random)
    {
        var edge = Edges[random.Next(Edges.Length)] + random.Next(-1, 2);
        return random.Next(2) == 0 ? edge : -edge;
    }

    private static string CreateText(Random random)
        => random.Next(50) == 0 ? new string('x', random.Next(100_000)) : string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => Texts[random.Next(Texts.Length)]));

    private static byte[] CreateBytes(Random random)
    {
        var bytes = new byte[random.Next(50) == 0 ? random.Next(200_000) : random.Next(10)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static async Task<RandomValue> ReadAsync(TProtocol protocol, TType type, bool binary)
    {
        switch (type)
        {
            case TType.Struct:
                return await ReadStructAsync(protocol, binary);
            case TType.List:
                var list = await protocol.ReadListBeginAsync();
                var elements = await ReadAllAsync(protocol, list.ElementType, list.Count, binary);
                await protocol.ReadListEndAsync();
                return new ListValue(type, list.ElementType, elements);
            case TType.Set:
                var set = await protocol.ReadSetBeginAsync();
                var members = await ReadAllAsync(protocol, set.ElementType, set.Count, binary);
                await protocol.ReadSetEndAsync();
                return new ListValue(type, set.ElementType, members);
            case TType.Map:
                var map = await protocol.ReadMapBeginAsync();
                var entries = new List<(RandomValue, RandomValue)>();
                for (var entry = 0; entry < map.Count; entry++)
                {
                    entries.Add((await ReadAsync(protocol, map.KeyType, binary), await ReadAsync(protocol, map.ValueType, binary)));
                }

                await protocol.ReadMapEndAsync();
                return new MapValue(map.KeyType, map.ValueType, entries);
            default:
                return new SimpleValue(type, type switch
                {
                    TType.Bool => await protocol.ReadBoolAsync(),
                    TType.Byte => await protocol.ReadByteAsync(),
                    TType.I16 => await protocol.ReadI16Async(),
                    TType.I32 => await protocol.ReadI32Async(),
                    TType.I64 => await protocol.ReadI64Async(),
                    TType.Double => await protocol.ReadDoubleAsync(),
                    TType.Uuid => await protocol.ReadUuidAsync(),
                    _ => binary ? await protocol.ReadBinaryAsync() : (object)await protocol.ReadStringAsync(),
                });
        }
    }

    private static async Task<List<RandomValue>> ReadAllAsync(TProtocol protocol, TType type, int count, bool binary)
    {
        var values = new List<RandomValue>();
        for (var index = 0; index < count; index++)
        {
            values.Add(await ReadAsync(protocol, type, binary));
        }

        return values;
    }

    internal sealed record StructValue(List<(short Id, RandomValue Value)> Fields) : RandomValue(TType.Struct)
    {
        public override async Task WriteAsync(TProtocol protocol)
        {
            await protocol.WriteStructBeginAsync(new TStruct("any"));
            foreach (var (id, value) in Fields)
            {
                await protocol.WriteFieldBeginAsync(new TField("any", value.Type, id));
                await value.WriteAsync(protocol);
                await protocol.WriteFieldEndAsync();
            }

            await protocol.WriteFieldStopAsync();
            await protocol.WriteStructEndAsync();
        }

        protected override void Describe(StringBuilder text)
        {
            text.Append('{');
            foreach (var (id, value) in Fields)
            {
                text.Append(CultureInfo.InvariantCulture, $"{id} ");
                value.Describe(text);
            }

            text.Append('}');
        }
    }

    internal sealed record ListValue(TType Type, TType Element, List<RandomValue> Values) : RandomValue(Type)
    {
        public override async Task WriteAsync(TProtocol protocol)
        {
            await (Type == TType.List ? protocol.WriteListBeginAsync(new TList(Element, Values.Count)) : protocol.WriteSetBeginAsync(new TSet(Element, Values.Count)));
            foreach (var value in Values)
            {
                await value.WriteAsync(protocol);
            }

            await (Type == TType.List ? protocol.WriteListEndAsync() : protocol.WriteSetEndAsync());
        }

        protected override void Describe(StringBuilder text)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Type} of {Element} [");
            Values.ForEach(value => value.Describe(text));
            text.Append(']');
        }
    }

    internal sealed record MapValue(TType Key, TType Value, List<(RandomValue Key, RandomValue Value)> Entries) : RandomValue(TType.Map)
    {
        public override async Task WriteAsync(TProtocol protocol)
        {
            await protocol.WriteMapBeginAsync(new TMap(Key, Value, Entries.Count));
            foreach (var (key, value) in Entries)
            {
                await key.WriteAsync(protocol);
                await value.WriteAsync(protocol);
            }

            await protocol.WriteMapEndAsync();
        }

        protected override void Describe(StringBuilder text)
        {
            // The compact protocol has no types in an empty map.
            text.Append(CultureInfo.InvariantCulture, $"map {(Entries.Count == 0 ? "" : $"of {Key} to {Value}")} [");
            foreach (var (key, value) in Entries)
            {
                key.Describe(text);
                text.Append('=');
                value.Describe(text);
            }

            text.Append(']');
        }
    }

    internal sealed record SimpleValue(TType Type, object Value) : RandomValue(Type)
    {
        public override Task WriteAsync(TProtocol protocol) => Value switch
        {
            bool value => protocol.WriteBoolAsync(value),
            sbyte value => protocol.WriteByteAsync(value),
            short value => protocol.WriteI16Async(value),
            int value => protocol.WriteI32Async(value),
            long value => protocol.WriteI64Async(value),
            double value => protocol.WriteDoubleAsync(value),
            Guid value => protocol.WriteUuidAsync(value),
            byte[] value => protocol.WriteBinaryAsync(value),
            _ => protocol.WriteStringAsync((string)Value),
        };

        protected override void Describe(StringBuilder text) => text.Append(Value switch
        {
            double value => $"{BitConverter.DoubleToInt64Bits(value):X}, ",
            byte[] value => $"{Convert.ToHexString(value)}, ",
            _ => $"{Value}, ",
        });
    }
}
