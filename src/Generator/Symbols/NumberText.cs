using System.Globalization;

namespace ThriftBreaker.Generator.Symbols;

/// <summary>Numbers as C# text, culture-invariant and with all digits.</summary>
internal static class NumberText
{
    public static string ToCode(double number) => number switch
    {
        double.NaN => "double.NaN",
        double.PositiveInfinity => "double.PositiveInfinity",
        double.NegativeInfinity => "double.NegativeInfinity",
        _ => number.ToString("R", CultureInfo.InvariantCulture) + "D",
    };

    public static string ToCode(float number) => number switch
    {
        float.NaN => "float.NaN",
        float.PositiveInfinity => "float.PositiveInfinity",
        float.NegativeInfinity => "float.NegativeInfinity",
        _ => number.ToString("R", CultureInfo.InvariantCulture) + "F",
    };

    public static string ToCode(decimal number) => number.ToString(CultureInfo.InvariantCulture) + "M";
}
