using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>The partial type that contains the client.</summary>
internal static class ClientContainer
{
    /// <summary>Gets the type that contains the client of an interface; null for a client in the namespace.</summary>
    public static INamedTypeSymbol? Find(INamedTypeSymbol serviceInterface, CancellationToken cancellationToken)
        => serviceInterface.ContainingType is { } outer && TypeWalk.WithContaining(outer).All(type => IsPartial(type, cancellationToken) && !IsVariant(type)) ? outer : null;

    public static bool IsPartial(INamedTypeSymbol type, CancellationToken cancellationToken)
        => type.DeclaringSyntaxReferences.Any(part =>
            part.GetSyntax(cancellationToken) is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    /// <summary>C# allows no class inside an interface with an <c>in</c> or <c>out</c> type parameter.</summary>
    private static bool IsVariant(INamedTypeSymbol type) => type.TypeParameters.Any(static parameter => parameter.Variance != VarianceKind.None);
}
