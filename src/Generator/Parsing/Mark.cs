using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// One mark, for a service or for a method of it, on the service or on the assembly, as it was written. What is broken in it reads as
/// if it were not there.
/// </summary>
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

    /// <summary>Whether there is something in its arguments that the compiler itself has an error for.</summary>
    public bool IsBroken
        => Attribute.AttributeConstructor is not { } constructor ||
            constructor.Parameters.Length != Attribute.ConstructorArguments.Length ||
            Attribute.ConstructorArguments.Any(static argument =>
                argument.Kind == TypedConstantKind.Error || (argument is { Kind: TypedConstantKind.Type, Value: ITypeSymbol type } && TypeText.HasErrors(type)));

    /// <summary>The argument that names the service, as marks on an assembly have it; null for a mark without.</summary>
    public TypedConstant? ServiceArgument => ArgumentOf("System.Type");

    /// <summary>The argument that names the method; null for a mark without.</summary>
    public TypedConstant? MethodArgument => ArgumentOf("System.String");

    /// <summary>The name of the method that the mark is for; null where none can be read.</summary>
    public string? Method => MethodArgument is { Kind: TypedConstantKind.Primitive, Value: string name } ? name : null;

    /// <summary>Whether the method is to go unguarded.</summary>
    public bool Bypasses => Values.TryGetValue("Bypass", out var bypass) && bypass is true;

    /// <summary>Whether it says something of the method's calls, and nothing of a circuit.</summary>
    public bool IsOfCallsOnly => Settings.Count > 0 && Settings.All(static setting => CallSettings.IsOne(setting.Key));

    /// <summary>The file that it is written in.</summary>
    public SyntaxTree? File => Attribute.ApplicationSyntaxReference?.SyntaxTree;

    /// <summary>The marks of this kind on all parts of a type or in all files of an assembly, in an order that is the same in every run.</summary>
    public static IReadOnlyList<Mark> Of(ISymbol marked, string attribute)
        => [.. marked.GetAttributes()
            .Where(each => TypeText.Is(each.AttributeClass, attribute))
            .OrderBy(static each => each.ApplicationSyntaxReference?.SyntaxTree.FilePath, StringComparer.Ordinal)
            .ThenBy(static each => each.ApplicationSyntaxReference?.Span.Start)
            .Select(static each => new Mark(each))];

    private TypedConstant? ArgumentOf(string type)
        => Attribute.AttributeConstructor?.Parameters
            .Zip(Attribute.ConstructorArguments, static (parameter, argument) => (parameter, argument))
            .Where(pair => TypeText.Is(pair.parameter.Type, type))
            .Select(static pair => (TypedConstant?)pair.argument)
            .FirstOrDefault();
}
