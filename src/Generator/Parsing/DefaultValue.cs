using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ThriftBreaker.Generator.Model;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>The default value of a parameter as C# text. (The compiler's own display writes <c>NaN</c>, and unqualified enums.)</summary>
internal static class DefaultValue
{
    /// <summary>
    /// Whether a parameter is a token that says itself that it is none: <c>CancellationToken token = default</c>. To see it costs nothing; that the
    /// compiler binds the default value of each method's token took an eighth of all reading.
    /// </summary>
    public static bool IsNoToken(IParameterSymbol parameter)
        => parameter.RefKind == RefKind.None && ParameterReader.KindOf(parameter.Type) == ParameterKind.CancellationToken &&
            parameter.DeclaringSyntaxReferences is { Length: 1 } declarations && declarations[0].GetSyntax() is ParameterSyntax { Default.Value: LiteralExpressionSyntax value } && value.IsKind(SyntaxKind.DefaultLiteralExpression);

    /// <summary>Null for a value that an attribute gives to a parameter of a type that has no constants: <c>object</c>.</summary>
    public static string? Of(IParameterSymbol parameter)
    {
        if (parameter.ExplicitDefaultValue is not { } value)
        {
            var isNullAndMayNotBe = parameter.Type is { IsReferenceType: true } or ITypeParameterSymbol { IsValueType: false } &&
                parameter.Type.NullableAnnotation != NullableAnnotation.Annotated;
            return isNullAndMayNotBe ? "default!" : "default";
        }

        var type = parameter.Type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            ? nullable.TypeArguments[0]
            : parameter.Type;
        if (type.TypeKind == TypeKind.Enum && MemberOf(type, value) is { } member)
        {
            return $"{TypeText.InCodeOf(type)}.{Identifier.Escape(member.Name)}";
        }

        if (type.TypeKind != TypeKind.Enum && type.SpecialType is not (>= SpecialType.System_Boolean and <= SpecialType.System_UIntPtr))
        {
            return null;
        }

        var text = value switch
        {
            double number => NumberText.Of(number),
            float number => NumberText.Of(number),
            decimal number => NumberText.Of(number),
            _ => SymbolDisplay.FormatPrimitive(value, quoteStrings: true, useHexadecimalNumbers: false),
        };
        return type.TypeKind == TypeKind.Enum ? $"({TypeText.InCodeOf(type)})({text})" : text;
    }

    /// <summary>The member of an enum that has this value; null where there is none that may be named without a warning.</summary>
    public static IFieldSymbol? MemberOf(ITypeSymbol type, object value)
        => type.GetMembers()
            .OfType<IFieldSymbol>()
            .FirstOrDefault(member => member.HasConstantValue && value.Equals(member.ConstantValue) && !UserWarnings.AreOn(member));
}
