using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ThriftBreaker.Generator.Reading;

/// <summary>The default value of a parameter as C# text. (The compiler's own display writes <c>NaN</c>, and unqualified enums.)</summary>
internal static class DefaultValue
{
    public static string Of(IParameterSymbol parameter)
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

        var text = value switch
        {
            double number => NumberText.Of(number),
            float number => NumberText.Of(number),
            decimal number => NumberText.Of(number),
            _ => SymbolDisplay.FormatPrimitive(value, quoteStrings: true, useHexadecimalNumbers: false),
        };
        return type.TypeKind == TypeKind.Enum ? $"({TypeText.InCodeOf(type)})({text})" : text;
    }

    /// <summary>The member of an enum that has this value; of several one that may be named without a warning.</summary>
    public static IFieldSymbol? MemberOf(ITypeSymbol type, object value)
        => type.GetMembers()
            .OfType<IFieldSymbol>()
            .Where(member => member.HasConstantValue && value.Equals(member.ConstantValue))
            .OrderBy(static member => UserWarnings.IsObsolete(member))
            .FirstOrDefault();
}
