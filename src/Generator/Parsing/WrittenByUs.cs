using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>Tells the classes that our generator wrote, in this project or another: analyzers see them beside the user's own.</summary>
internal static class WrittenByUs
{
    /// <summary>What our generator calls itself in <c>[GeneratedCode]</c>.</summary>
    public const string Tool = "ThriftBreaker";

    public static bool Is(INamedTypeSymbol type)
        => type.GetAttributes().Any(static attribute =>
            TypeText.Is(attribute.AttributeClass, "System.CodeDom.Compiler.GeneratedCodeAttribute") &&
            attribute.ConstructorArguments.FirstOrDefault() is { Kind: TypedConstantKind.Primitive, Value: Tool });
}
