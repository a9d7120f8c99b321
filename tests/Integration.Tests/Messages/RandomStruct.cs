using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using Thrift.Protocol;

namespace ThriftBreaker.Integration.Tests.Messages;

/// <summary>Creates random structs of the classes that the Thrift compiler generates.</summary>
/// <param name="random">The source of the values.</param>
internal sealed class RandomStruct(Random random)
{
    /// <summary>Structs can contain themselves.</summary>
    private const int MaxDepth = 4;

    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Fields = [];
    private static readonly string[] Texts = ["", "a", "text", "\"quoted\" \\ / \b\f\n\r\t", "\u0001\u001f", "äöü €", "😀", "null"];

    /// <summary>The values that the struct may still get.</summary>
    private int _left = 300;

    public TBase Create(Type type) => (TBase)CreateStruct(type, depth: 0);

    private object CreateStruct(Type type, int depth)
    {
        var value = Activator.CreateInstance(type)!;
        foreach (var field in Fields.GetOrAdd(type, ContractAssembly.GetFields))
        {
            // Also without some fields: a required one is then missing in the message.
            if (random.Next(16) != 0 && CreateValue(field.PropertyType, depth + 1) is { } content)
            {
                field.SetValue(value, content);
            }
        }

        return value;
    }

    /// <summary>Creates a value; null for a struct at the greatest depth.</summary>
    private object? CreateValue(Type type, int depth)
    {
        _left--;
        return Type.GetTypeCode(type) switch
        {
            _ when type.IsEnum => Enum.ToObject(type, random.Next(4) == 0 ? random.Next() : random.Next(4)),
            TypeCode.Boolean => random.Next(2) == 0,
            TypeCode.SByte => (sbyte)CreateNumber(),
            TypeCode.Int16 => (short)CreateNumber(),
            TypeCode.Int32 => (int)CreateNumber(),
            TypeCode.Int64 => CreateNumber(),
            TypeCode.Double => random.Next(2) == 0 ? random.NextDouble() : CreateNumber(),
            TypeCode.String => Texts[random.Next(Texts.Length)],
            _ when type == typeof(byte[]) => CreateBytes(),
            _ when type == typeof(Guid) => new Guid([.. Enumerable.Range(0, 16).Select(_ => (byte)random.Next())]),
            _ when type.IsGenericType => CreateContainer(type, depth),
            _ when depth > MaxDepth || _left < 0 => null,
            _ when type.IsAbstract => CreateUnion(type, depth),
            _ => CreateStruct(type, depth),
        };
    }

    private long CreateNumber() => random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);

    private byte[] CreateBytes()
    {
        var bytes = new byte[random.Next(40)];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Creates a list, a set or a map.</summary>
    private object CreateContainer(Type type, int depth)
    {
        var container = Activator.CreateInstance(type)!;
        var elements = type.GetGenericArguments();
        for (var count = Math.Min(random.Next(random.Next(10) == 0 ? 100 : 5), Math.Max(0, _left)); count > 0; count--)
        {
            object?[] values = [.. elements.Select(element => CreateValue(element, depth))];
            if (values.Contains(null))
            {
                break;
            }

            switch (container)
            {
                case IList list:
                    list.Add(values[0]);
                    break;

                // Arrays are compared by reference, and all empty ones can be the same: no valid map has a key twice.
                case var _ when values[0] is byte[] { Length: 0 }:
                    break;

                case IDictionary map:
                    map[values[0]!] = values[1];
                    break;

                default:
                    type.GetMethod("Add")!.Invoke(container, values);
                    break;
            }
        }

        return container;
    }

    /// <summary>A union is an abstract class, and its fields are classes in it.</summary>
    private object? CreateUnion(Type type, int depth)
    {
        Type[] fields = [.. type.GetNestedTypes().Where(type.IsAssignableFrom)];
        var constructor = fields.Length == 0 ? null : fields[random.Next(fields.Length)].GetConstructors().FirstOrDefault(static constructor => constructor.GetParameters().Length == 1);
        return constructor is not null && CreateValue(constructor.GetParameters()[0].ParameterType, depth + 1) is { } content ? constructor.Invoke([content]) : null;
    }
}
