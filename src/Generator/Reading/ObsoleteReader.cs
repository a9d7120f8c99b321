using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Reading;

/// <summary>
/// Repeats an <c>[Obsolete]</c> on a type: the user of the client should be told as the user of the interface is, and code that is
/// obsolete itself may call obsolete code without a warning.
/// </summary>
internal static class ObsoleteReader
{
    public static string? Read(ISymbol symbol)
        => symbol.GetAttributes().FirstOrDefault(static attribute => TypeText.Is(attribute.AttributeClass, "System.ObsoleteAttribute")) is { } obsolete &&
            AttributeText.Of(obsolete) is { } text
                ? $"[{text}]"
                : null;
}
