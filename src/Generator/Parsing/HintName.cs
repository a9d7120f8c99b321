using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// The name of a written file: readable, short, legal on every file system, and unique without looking at any other service. The
/// compiler compares these names without case and drops all output when two are equal.
/// </summary>
/// <remarks>
/// What the readable part does not say follows it as one bit for each character, four in a hexadecimal digit: which letters are capitals, which
/// dots lie between nested types, and which underscores stand before the number of type parameters. <c>Shop.IOrders.86</c> is
/// <c>Shop.IOrders</c> and nothing else. A name that is too long, or has type arguments or letters that no file should have, ends in
/// a hash of 64 bits instead, after an h, which is no digit: two of these are equal only if all that is readable is too, and then once in 2⁶⁴.
/// </remarks>
internal static class HintName
{
    private const int LongestReadablePart = 80;

    public static string Of(INamedTypeSymbol type)
    {
        var identity = TypeText.IdentityOf(type);
        var name = new StringBuilder();
        foreach (var character in identity.Substring(Math.Max(0, identity.Length - LongestReadablePart)))
        {
            name.Append(IsPlain(character) ? character : character == '+' ? '.' : '_');
        }

        name.Append('.').Append(identity.Length <= LongestReadablePart && identity.All(IsTold) ? Unread(identity) : $"h{Hash(identity):x16}");
        return name.Append(".CircuitBreaker.g.cs").ToString();
    }

    private static bool IsPlain(char character) => character < 128 && (char.IsLetterOrDigit(character) || character is '.' or '_');

    /// <summary>Whether the readable part and one bit tell the character.</summary>
    private static bool IsTold(char character) => IsPlain(character) || character is '+' or '`';

    private static string Unread(string identity)
    {
        var digits = new int[(identity.Length + 3) / 4];
        for (var index = 0; index < identity.Length; index++)
        {
            if (char.IsUpper(identity[index]) || identity[index] is '+' or '`')
            {
                digits[index / 4] |= 8 >> (index % 4);
            }
        }

        return string.Concat(digits.Select(static digit => digit.ToString("x", CultureInfo.InvariantCulture))).TrimEnd('0') is { Length: > 0 } told ? told : "0";
    }

    /// <summary>FNV-1a, the same on every machine and in every process; string.GetHashCode is neither.</summary>
    private static ulong Hash(string text)
    {
        var hash = 14695981039346656037;
        foreach (var character in text)
        {
            hash = unchecked((hash ^ character) * 1099511628211);
        }

        return hash;
    }
}
