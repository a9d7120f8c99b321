using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Symbols;

/// <summary>
/// Where an attribute may be. The compiler reports wrong uses on the user's line; generated code does not repeat them.
/// </summary>
internal static class AttributeUse
{
    public static bool Allows(INamedTypeSymbol attribute, AttributeTargets target)
        => FindUsage(attribute)?.ConstructorArguments.FirstOrDefault().Value is not int targets || ((AttributeTargets)targets & target) != 0;

    public static bool AllowsMultiple(INamedTypeSymbol attribute)
        => FindUsage(attribute)?.NamedArguments.Any(static argument => argument is { Key: nameof(AttributeUsageAttribute.AllowMultiple), Value.Value: true }) == true;

    private static AttributeData? FindUsage(INamedTypeSymbol attribute)
        => attribute.GetAttributes().FirstOrDefault(static usage => TypeText.Is(usage.AttributeClass, "System.AttributeUsageAttribute"));
}
