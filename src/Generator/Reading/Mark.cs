using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Reading;

/// <summary>One mark, on a service or for a method of it, as it was written. What is broken in it reads as if it were not there.</summary>
internal sealed class Mark
{
    private Mark(AttributeData attribute)
    {
        Attribute = attribute;
        Settings = [.. attribute.NamedArguments
            .GroupBy(static setting => setting.Key, StringComparer.Ordinal)
            .Select(static setting => setting.First())];
        Values = Settings
            .Where(static setting => setting.Value is { Kind: TypedConstantKind.Primitive or TypedConstantKind.Enum, Value: not null })
            .ToDictionary(static setting => setting.Key, static setting => setting.Value.Value!, StringComparer.Ordinal);
    }

    public AttributeData Attribute { get; }

    /// <summary>Every setting that is written, in the order in which it is.</summary>
    public IReadOnlyList<KeyValuePair<string, TypedConstant>> Settings { get; }

    /// <summary>Those that are numbers, text or members of an enum; of the last its number.</summary>
    public IReadOnlyDictionary<string, object> Values { get; }

    /// <summary>The first argument: for a method's mark the method's name.</summary>
    public TypedConstant FirstArgument => Attribute.ConstructorArguments.FirstOrDefault();

    /// <summary>The name of the method that the mark is for; null where none can be read.</summary>
    public string? Method => FirstArgument is { Kind: TypedConstantKind.Primitive, Value: string name } ? name : null;

    /// <summary>Whether the method is to go unguarded.</summary>
    public bool Bypasses => Values.TryGetValue("Bypass", out var bypass) && bypass is true;

    /// <summary>The marks of this kind on all parts of a type, in an order that is the same in every run.</summary>
    public static IReadOnlyList<Mark> Of(INamedTypeSymbol type, string attribute)
        => [.. type.GetAttributes()
            .Where(each => TypeText.Is(each.AttributeClass, attribute))
            .OrderBy(static each => each.ApplicationSyntaxReference?.SyntaxTree.FilePath, StringComparer.Ordinal)
            .ThenBy(static each => each.ApplicationSyntaxReference?.Span.Start)
            .Select(static each => new Mark(each))];
}
