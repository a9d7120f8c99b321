using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// Repeats the attributes that the compiler listens to: the user of the client should be told what the user of the interface is,
/// and a client that says less about null than its interface is a warning.
/// </summary>
internal static class AttributeReader
{
    private const string CodeAnalysis = "System.Diagnostics.CodeAnalysis";
    private const string CompilerServices = "System.Runtime.CompilerServices";
    private const string Versioning = "System.Runtime.Versioning";

    private static readonly Dictionary<string, string> Repeated = new(StringComparer.Ordinal)
    {
        ["ObsoleteAttribute"] = "System",
        ["AllowNullAttribute"] = CodeAnalysis,
        ["DisallowNullAttribute"] = CodeAnalysis,
        ["DoesNotReturnAttribute"] = CodeAnalysis,
        ["DoesNotReturnIfAttribute"] = CodeAnalysis,
        ["DynamicallyAccessedMembersAttribute"] = CodeAnalysis,
        ["ExperimentalAttribute"] = CodeAnalysis,
        ["MaybeNullAttribute"] = CodeAnalysis,
        ["MaybeNullWhenAttribute"] = CodeAnalysis,
        ["NotNullAttribute"] = CodeAnalysis,
        ["NotNullIfNotNullAttribute"] = CodeAnalysis,
        ["NotNullWhenAttribute"] = CodeAnalysis,
        ["RequiresAssemblyFilesAttribute"] = CodeAnalysis,
        ["RequiresDynamicCodeAttribute"] = CodeAnalysis,
        ["RequiresUnreferencedCodeAttribute"] = CodeAnalysis,
        ["StringSyntaxAttribute"] = CodeAnalysis,
        ["UnscopedRefAttribute"] = CodeAnalysis,
        ["SupportedOSPlatformAttribute"] = Versioning,
        ["UnsupportedOSPlatformAttribute"] = Versioning,
    };

    /// <summary>They speak to a caller that leaves something to the compiler, and nobody calls an explicit implementation so.</summary>
    private static readonly Dictionary<string, string> RepeatedInPublic = new(StringComparer.Ordinal)
    {
        ["CallerArgumentExpressionAttribute"] = CompilerServices,
        ["CallerFilePathAttribute"] = CompilerServices,
        ["CallerLineNumberAttribute"] = CompilerServices,
        ["CallerMemberNameAttribute"] = CompilerServices,
        ["InterpolatedStringHandlerArgumentAttribute"] = CompilerServices,
        ["OverloadResolutionPriorityAttribute"] = CompilerServices,
    };

    /// <summary>Those of a method or another member, and of what it returns: one by one.</summary>
    public static IEnumerable<string> OfMember(ISymbol member, bool isExplicit, Compilation compilation)
    {
        // A class has no reference to itself that it could let out.
        var ofMember = Texts(member.GetAttributes(), "[", isExplicit, compilation).Where(static text => !text.EndsWith("UnscopedRef]", StringComparison.Ordinal));
        return member is IMethodSymbol method
            ? ofMember.Concat(Texts(method.GetReturnTypeAttributes(), "[return: ", isExplicit, compilation))
            : ofMember;
    }

    /// <summary>Those of a parameter, a type parameter or an accessor: in one line, with a space after each.</summary>
    public static string InLineOf(ISymbol symbol, bool isExplicit, Compilation compilation)
        => string.Concat(Texts(symbol.GetAttributes(), "[", isExplicit, compilation).Select(static attribute => attribute + " "));

    private static IEnumerable<string> Texts(IReadOnlyCollection<AttributeData> attributes, string open, bool isExplicit, Compilation compilation)
        => attributes.Count == 0
            ? []
            : attributes
                .Where(attribute => attribute.AttributeClass is { } type && Matters(type, isExplicit) && compilation.IsSymbolAccessibleWithin(type, compilation.Assembly))
                .Select(AttributeText.Of)
                .OfType<string>()
                .Select(text => $"{open}{text}]");

    private static bool Matters(INamedTypeSymbol attribute, bool isExplicit)
        => (Repeated.TryGetValue(attribute.MetadataName, out var home) || (!isExplicit && RepeatedInPublic.TryGetValue(attribute.MetadataName, out home))) &&
            attribute.ContainingType is null && attribute.ContainingNamespace.ToDisplayString() == home;
}
