using System.Globalization;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>Numbers as C# text, the same on every machine, and with all their digits.</summary>
internal static class NumberText
{
    public static string Of(double number) => number switch
    {
        double.NaN => "double.NaN",
        double.PositiveInfinity => "double.PositiveInfinity",
        double.NegativeInfinity => "double.NegativeInfinity",
        _ => number.ToString("R", CultureInfo.InvariantCulture) + "D",
    };

    public static string Of(float number) => number switch
    {
        float.NaN => "float.NaN",
        float.PositiveInfinity => "float.PositiveInfinity",
        float.NegativeInfinity => "float.NegativeInfinity",
        _ => number.ToString("R", CultureInfo.InvariantCulture) + "F",
    };

    public static string Of(decimal number) => number.ToString(CultureInfo.InvariantCulture) + "M";
}
