using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ThriftBreaker.Generator.Symbols;

/// <summary>An attribute as C# text, without its brackets: <c>global::System.Obsolete("gone")</c>.</summary>
internal static class AttributeText
{
    private const string Suffix = "Attribute";

    /// <summary>Gets the text; null for an attribute with an error, which the compiler reports.</summary>
    public static string? ToCode(AttributeData attribute)
    {
        var constants = attribute.ConstructorArguments.Concat(attribute.NamedArguments.Select(static argument => argument.Value));
        if (attribute.AttributeConstructor is null || constants.Any(static constant => constant.Kind == TypedConstantKind.Error))
        {
            return null;
        }

        var name = TypeText.InCodeOf(attribute.AttributeClass!);
        var arguments = attribute.ConstructorArguments.Select(Text)
            .Concat(attribute.NamedArguments.Select(static argument => $"{argument.Key} = {Text(argument.Value)}"))
            .ToArray();
        return name.Substring(0, name.Length - Suffix.Length) + (arguments.Length == 0 ? "" : $"({string.Join(", ", arguments)})");
    }

    private static string Text(TypedConstant constant) => constant switch
    {
        { IsNull: true } => "null",
        { Kind: TypedConstantKind.Array, Type: { } type } => $"new {TypeText.InCodeOf(type)} {{ {string.Join(", ", constant.Values.Select(Text))} }}",
        { Kind: TypedConstantKind.Type, Value: ITypeSymbol type } => $"typeof({TypeText.InCodeOf(type)})",
        { Kind: TypedConstantKind.Enum, Type: { } type } when DefaultValue.GetMember(type, constant.Value!) is { } member
            => $"{TypeText.InCodeOf(type)}.{Identifier.Escape(member.Name)}",
        { Kind: TypedConstantKind.Enum, Type: { } type } => $"({TypeText.InCodeOf(type)})({Primitive(constant.Value!)})",
        _ => Primitive(constant.Value!),
    };

    private static string Primitive(object value) => SymbolDisplay.FormatPrimitive(value, quoteStrings: true, useHexadecimalNumbers: false);
}
