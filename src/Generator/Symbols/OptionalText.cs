using System.Globalization;
using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Symbols;

/// <summary>
/// The attributes of a parameter that is optional by attributes: before a parameter that is not, or with a value that
/// the language has no other text for.
/// </summary>
internal static class OptionalText
{
    private const string Optional = "global::System.Runtime.InteropServices.Optional";
    private const string Value = "global::System.Runtime.InteropServices.DefaultParameterValue";
    private const string CompilerServices = "global::System.Runtime.CompilerServices.";

    /// <summary>Gets the attributes, with a space after them.</summary>
    public static string ToCode(IParameterSymbol parameter)
        => $"[{Optional}{(parameter.HasExplicitDefaultValue ? OfValue(parameter) : "")}] ";

    /// <summary>
    /// Value types have no null; without a value, callers pass the default of the type. Other values need casts,
    /// because the compiler compares the types.
    /// </summary>
    private static string OfValue(IParameterSymbol parameter) => parameter.ExplicitDefaultValue switch
    {
        null => parameter.Type.IsReferenceType ? $", {Value}(null)" : "",
        decimal number => $", {CompilerServices}DecimalConstant({string.Join(", ", Parts(number))})",
        DateTime time => $", {CompilerServices}DateTimeConstant({time.Ticks.ToString(CultureInfo.InvariantCulture)}L)",
        string text => $", {Value}({DefaultValue.Constant(text)})",
        var value => $", {Value}(({TypeOf(parameter, value)})({DefaultValue.Constant(value)}))",
    };

    private static string TypeOf(IParameterSymbol parameter, object value)
        => parameter.Type is { IsReferenceType: true } ? "global::" + value.GetType().FullName
            : parameter.Type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? TypeText.InCodeOf(nullable.TypeArguments[0])
            : TypeText.InCodeOf(parameter.Type);

    /// <summary>Gets the scale, the sign, and the high, middle and low parts, as the attribute has them.</summary>
    private static IEnumerable<string> Parts(decimal number)
    {
        var bits = decimal.GetBits(number);
        var (scale, sign) = ((bits[3] >> 16) & 0xFF, bits[3] < 0 ? 1 : 0);
        return new long[] { scale, sign, (uint)bits[2], (uint)bits[1], (uint)bits[0] }
            .Select(static (part, place) => part.ToString(CultureInfo.InvariantCulture) + (place < 2 ? "" : "U"));
    }
}
