using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Symbols;

/// <summary>
/// The attributes that a class repeats from the interface it implements, because the compiler acts on them: callers of
/// the class get the same warnings, and weaker nullability attributes than the interface's are a warning themselves.
/// </summary>
internal static class RepeatedAttributes
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

    /// <summary>
    /// Attributes that affect calls of the method by its own name, which an explicit implementation does not have.
    /// </summary>
    private static readonly Dictionary<string, string> RepeatedInPublic = new(StringComparer.Ordinal)
    {
        ["CallerArgumentExpressionAttribute"] = CompilerServices,
        ["CallerFilePathAttribute"] = CompilerServices,
        ["CallerLineNumberAttribute"] = CompilerServices,
        ["CallerMemberNameAttribute"] = CompilerServices,
        ["InterpolatedStringHandlerArgumentAttribute"] = CompilerServices,
        ["OverloadResolutionPriorityAttribute"] = CompilerServices,
    };

    /// <summary>
    /// What a method promises about the code after it. A client that returns a task returns in any case: errors of the
    /// inner client and rejections are in the task.
    /// </summary>
    private static readonly string[] Promises = ["DoesNotReturnAttribute", "DoesNotReturnIfAttribute", "NotNullAttribute"];

    /// <summary>Gets the attributes of a member and of its return value, one text for each.</summary>
    public static IEnumerable<string> GetForMember(ISymbol member, bool isExplicit, bool endsLater, Compilation compilation)
    {
        var target = member switch
        {
            IMethodSymbol => AttributeTargets.Method,
            IPropertySymbol => AttributeTargets.Property,
            _ => AttributeTargets.Event,
        };

        // [UnscopedRef] is an error on a member of a class.
        var ofMember = Texts(member.GetAttributes(), "[", target, isExplicit, endsLater, compilation).Where(static text => !text.EndsWith("UnscopedRef]", StringComparison.Ordinal));
        return member is IMethodSymbol method
            ? ofMember.Concat(Texts(method.GetReturnTypeAttributes(), "[return: ", AttributeTargets.ReturnValue, isExplicit, endsLater: false, compilation))
            : ofMember;
    }

    /// <summary>
    /// Gets the attributes of a parameter, a type parameter or an accessor in one line, with a space after each.
    /// </summary>
    public static string GetInLine(ISymbol symbol, bool isExplicit, bool endsLater, Compilation compilation)
    {
        var target = symbol switch
        {
            IParameterSymbol => AttributeTargets.Parameter,
            ITypeParameterSymbol => AttributeTargets.GenericParameter,
            _ => AttributeTargets.Method,
        };
        return string.Concat(Texts(symbol.GetAttributes(), "[", target, isExplicit, endsLater, compilation).Select(static attribute => attribute + " "));
    }

    private static IEnumerable<string> Texts(
        IReadOnlyCollection<AttributeData> attributes, string open, AttributeTargets target, bool isExplicit, bool endsLater, Compilation compilation)
        => attributes.Count == 0
            ? []
            : attributes
                .Where(attribute => attribute.AttributeClass is { } type && Matters(type, isExplicit) &&
                    !(endsLater && Promises.Contains(type.MetadataName, StringComparer.Ordinal)) &&
                    compilation.IsSymbolAccessibleWithin(type, compilation.Assembly) && AttributeUse.Allows(type, target) && !AmbiguousType.Is($"{type.ContainingNamespace.ToDisplayString()}.{type.MetadataName}", compilation))
                .GroupBy(static attribute => attribute.AttributeClass, SymbolEqualityComparer.Default)
                .SelectMany(static same => AttributeUse.AllowsMultiple((INamedTypeSymbol)same.Key!) ? same : same.Take(1))
                .Select(AttributeText.ToCode)
                .OfType<string>()
                .Select(text => $"{open}{text}]");

    private static bool Matters(INamedTypeSymbol attribute, bool isExplicit)
        => (Repeated.TryGetValue(attribute.MetadataName, out var home) || (!isExplicit && RepeatedInPublic.TryGetValue(attribute.MetadataName, out home))) &&
            attribute.ContainingType is null && attribute.ContainingNamespace.ToDisplayString() == home;
}
