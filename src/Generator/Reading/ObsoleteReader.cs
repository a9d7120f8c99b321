using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ThriftBreaker.Generator.Reading;

/// <summary>
/// Repeats an <c>[Obsolete]</c>: the user of the client should be told as the user of the interface is, and code that is
/// obsolete itself may call obsolete code without a warning.
/// </summary>
internal static class ObsoleteReader
{
    public static string? Read(ISymbol symbol)
    {
        if (symbol.GetAttributes().FirstOrDefault(static attribute => TypeText.Is(attribute.AttributeClass, "System.ObsoleteAttribute")) is not { } obsolete)
        {
            return null;
        }

        var arguments = obsolete.ConstructorArguments.Select(Text)
            .Concat(obsolete.NamedArguments.Select(static argument => $"{argument.Key} = {Text(argument.Value)}"))
            .ToArray();
        return arguments.Length == 0 ? "[global::System.Obsolete]" : $"[global::System.Obsolete({string.Join(", ", arguments)})]";
    }

    private static string Text(TypedConstant constant)
        => constant is { Kind: TypedConstantKind.Primitive, Value: { } value }
            ? SymbolDisplay.FormatPrimitive(value, quoteStrings: true, useHexadecimalNumbers: false)
            : "null";
}
