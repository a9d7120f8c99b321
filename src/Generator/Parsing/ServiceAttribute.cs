using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// One attribute of this package for a service or one of its methods, on the service or on the assembly. Arguments with
/// errors read as if they were absent.
/// </summary>
internal sealed class ServiceAttribute
{
    private ServiceAttribute(AttributeData data)
    {
        Data = data;
        Settings = [.. data.NamedArguments
            .GroupBy(static setting => setting.Key, StringComparer.Ordinal)
            .Select(static setting => setting.First())];
        Values = Settings
            .Where(static setting => setting.Value is { Kind: TypedConstantKind.Primitive or TypedConstantKind.Enum, Value: not null })
            .ToDictionary(static setting => setting.Key, static setting => setting.Value.Value!, StringComparer.Ordinal);
    }

    public AttributeData Data { get; }

    /// <summary>The named arguments, in source order.</summary>
    public IReadOnlyList<KeyValuePair<string, TypedConstant>> Settings { get; }

    /// <summary>The settings that are numbers, text or enum members, the last as numbers.</summary>
    public IReadOnlyDictionary<string, object> Values { get; }

    /// <summary>Whether the compiler reports an error in its arguments.</summary>
    public bool IsBroken
        => Data.AttributeConstructor is not { } constructor ||
            constructor.Parameters.Length != Data.ConstructorArguments.Length ||
            Data.ConstructorArguments.Any(static argument =>
                argument.Kind == TypedConstantKind.Error || (argument is { Kind: TypedConstantKind.Type, Value: ITypeSymbol type } && TypeText.HasErrors(type)));

    /// <summary>The argument that specifies the service, on an assembly; null without one.</summary>
    public TypedConstant? ServiceArgument => GetArgument("System.Type");

    /// <summary>The argument that specifies the method; null without one.</summary>
    public TypedConstant? MethodArgument => GetArgument("System.String");

    /// <summary>The name of the method that the attribute applies to; null if it cannot be read.</summary>
    public string? Method => MethodArgument is { Kind: TypedConstantKind.Primitive, Value: string name } ? name : null;

    /// <summary>Whether the method bypasses the circuit breaker.</summary>
    public bool Bypasses => Values.TryGetValue("Bypass", out var bypass) && bypass is true;

    /// <summary>Whether it has settings of the method's calls only, and none of a circuit breaker.</summary>
    public bool HasCallSettingsOnly => Settings.Count > 0 && Settings.All(static setting => CallSettings.IsOne(setting.Key));

    /// <summary>The file that contains it.</summary>
    public SyntaxTree? File => Data.ApplicationSyntaxReference?.SyntaxTree;

    /// <summary>
    /// Gets the attributes of this class on all parts of a type or in all files of an assembly, in a deterministic
    /// order.
    /// </summary>
    public static IReadOnlyList<ServiceAttribute> GetAll(ISymbol symbol, string attributeClass)
        => [.. symbol.GetAttributes()
            .Where(each => TypeText.Is(each.AttributeClass, attributeClass))
            .OrderBy(static each => each.ApplicationSyntaxReference?.SyntaxTree.FilePath, StringComparer.Ordinal)
            .ThenBy(static each => each.ApplicationSyntaxReference?.Span.Start)
            .Select(static each => new ServiceAttribute(each))];

    /// <summary>Whether a type has an attribute for itself or one of its methods.</summary>
    public static bool IsOn(INamedTypeSymbol type)
        => type.GetAttributes().Any(static attribute =>
            TypeText.Is(attribute.AttributeClass, RuntimeNames.Attribute) || TypeText.Is(attribute.AttributeClass, RuntimeNames.MethodAttribute));

    private TypedConstant? GetArgument(string type)
        => Data.AttributeConstructor?.Parameters
            .Zip(Data.ConstructorArguments, static (parameter, argument) => (parameter, argument))
            .Where(pair => TypeText.Is(pair.parameter.Type, type))
            .Select(static pair => (TypedConstant?)pair.argument)
            .FirstOrDefault();
}
