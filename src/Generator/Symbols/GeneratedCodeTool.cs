using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Symbols;

/// <summary>
/// The tool name in <c>[GeneratedCode]</c> by which analyzers recognize generated clients, of this project or another.
/// </summary>
internal static class GeneratedCodeTool
{
    public const string Name = "ThriftBreaker";

    /// <summary>Whether this generator generated the class.</summary>
    public static bool HasGenerated(INamedTypeSymbol type)
        => type.GetAttributes().Any(static attribute =>
            TypeText.Is(attribute.AttributeClass, "System.CodeDom.Compiler.GeneratedCodeAttribute") &&
            attribute.ConstructorArguments.FirstOrDefault() is { Kind: TypedConstantKind.Primitive, Value: Name });
}
