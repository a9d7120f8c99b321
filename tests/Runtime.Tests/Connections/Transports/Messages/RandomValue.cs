using System.Globalization;
using System.Text;
using Thrift.Protocol;
using Thrift.Protocol.Entities;

namespace ThriftBreaker.Runtime.Tests.Connections.Transports.Messages;

/// <summary>A value of a Thrift type, as generated code would write and read it.</summary>
internal abstract record RandomValue(TType Type)
{
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
