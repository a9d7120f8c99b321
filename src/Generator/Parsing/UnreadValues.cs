using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// Values that the compiler cannot read: a <c>nameof</c> of what does not exist, a constant that a method hides. What would make them
/// right may be anywhere, also in code that no model depends on otherwise.
/// </summary>
internal static class UnreadValues
{
    /// <summary>Whether there is one in the signature of a member: in an attribute or a default value.</summary>
    public static bool InSignatureOf(ISymbol member) => member switch
    {
        IMethodSymbol method => InAttributesOf(method) || method.GetReturnTypeAttributes().Any(IsUnread) ||
            method.TypeParameters.Any(InAttributesOf) || method.Parameters.Any(InParameter),
        IPropertySymbol property => InAttributesOf(property) || property.Parameters.Any(InParameter) ||
            new[] { property.GetMethod, property.SetMethod }.Any(static accessor => accessor is not null && InAttributesOf(accessor)),
        _ => InAttributesOf(member),
    };

    public static bool InAttributesOf(ISymbol symbol) => symbol.GetAttributes().Any(IsUnread);

    private static bool InParameter(IParameterSymbol parameter)
        => InAttributesOf(parameter) || (!DefaultValue.IsNoToken(parameter) && parameter is { HasExplicitDefaultValue: true, ExplicitDefaultValue: null } && !parameter.DeclaringSyntaxReferences.All(IsNothing));

    /// <summary>Whether a default value says itself that it is nothing; what comes from elsewhere may be something that cannot be read.</summary>
    private static bool IsNothing(SyntaxReference parameter)
        => parameter.GetSyntax() is ParameterSyntax { Default.Value: var value } &&
            (value.IsKind(SyntaxKind.NullLiteralExpression) || value.IsKind(SyntaxKind.DefaultLiteralExpression) || value.IsKind(SyntaxKind.DefaultExpression));

    private static bool IsUnread(AttributeData attribute)
        => attribute.AttributeConstructor is null ||
            attribute.ConstructorArguments.Concat(attribute.NamedArguments.Select(static setting => setting.Value)).Any(IsUnread);

    private static bool IsUnread(TypedConstant argument)
        => argument.Kind == TypedConstantKind.Error || (argument is { Kind: TypedConstantKind.Array, IsNull: false } && argument.Values.Any(IsUnread));
}
