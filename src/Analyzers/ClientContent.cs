using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Analyzers;

/// <summary>Whether a value can contain a Thrift client, by its type.</summary>
internal static class ClientContent
{
    /// <summary>Classes and structs that contain nothing but their type arguments.</summary>
    private static readonly string[] Containers =
    [
        "System.Threading.Tasks.Task",
        "System.Threading.Tasks.Task`1",
        "System.Threading.Tasks.ValueTask",
        "System.Threading.Tasks.ValueTask`1",
        "System.Nullable`1",
        "System.TimeSpan",
        "System.Collections.Generic.List`1",
        "System.Collections.Generic.HashSet`1",
        "System.Collections.Generic.Dictionary`2",
    ];

    /// <summary>
    /// Whether the type excludes a client: numbers, text, enums, the structs of a contract, and tasks and collections
    /// of these. All other types may contain anything.
    /// </summary>
    public static bool IsImpossible(ITypeSymbol? type) => type switch
    {
        null or ITypeParameterSymbol => false,
        { SpecialType: (>= SpecialType.System_Boolean and <= SpecialType.System_String) or SpecialType.System_DateTime or SpecialType.System_Void } => true,
        { TypeKind: TypeKind.Enum } => true,
        IArrayTypeSymbol array => IsImpossible(array.ElementType),
        INamedTypeSymbol named when Containers.Any(name => TypeText.Is(named, name)) => named.TypeArguments.All(IsImpossible),
        _ => type.AllInterfaces.Any(static each => TypeText.Is(each, RuntimeNames.ThriftMessage)),
    };
}
