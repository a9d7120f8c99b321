using CsCheck;

namespace ThriftBreaker.Generator.Tests.RandomServices;

/// <summary>A type, and a value of it that no other parameter has.</summary>
/// <param name="Text">Its name; <c>T</c> and <c>T?</c> are the member's type parameter.</param>
/// <param name="Value">A value, from a number.</param>
internal sealed record RandomType(string Text, Func<int, string> Value)
{
    private static readonly RandomType[] Plain =
    [
        new("int", static number => $"{number}"),
        new("string", static number => $"\"s{number}\""),
        new("string?", static number => number % 2 == 0 ? "null" : $"\"s{number}\""),
        new("long[]", static number => $"new long[] {{ {number}, 2 }}"),
        new("List<string?>", static number => $"new List<string?> {{ null, \"s{number}\" }}"),
        new("(int A, string? B)", static number => $"({number}, \"s{number}\")"),
        new("DayOfWeek", static number => $"(DayOfWeek)({number} % 7)"),
        new("decimal?", static number => $"{number}.5m"),
        new("object?", static number => $"(object){number}"),
        new("dynamic", static number => $"(object){number}"),
    ];

    private static readonly RandomType[] TypeParameterTypes = [new("T", static _ => ""), new("T?", static _ => "")];

    /// <summary>Types for parameters that are passed by value only.</summary>
    private static readonly RandomType[] ParameterTypes =
    [
        new("ReadOnlySpan<char>", static number => $"\"s{number}\""),
        new("Span<int>", static number => $"new int[] {{ {number} }}"),
        new("CancellationToken", static _ => "default(CancellationToken)"),
    ];

    public static Gen<RandomType> ForResult { get; } = Pick.OneOf([.. Plain, .. TypeParameterTypes, .. TypeParameterTypes]);

    public static Gen<RandomType> ForParameter { get; } = Pick.OneOf([.. Plain, .. TypeParameterTypes, .. TypeParameterTypes, .. ParameterTypes]);

    public bool IsSpan => Text is "ReadOnlySpan<char>" or "Span<int>";

    public bool IsOnlyAValue => ParameterTypes.Contains(this);

    public bool IsDynamic => Text == "dynamic";

    public bool MentionsTypeParameter => TypeParameterTypes.Contains(this);
}

/// <summary>
/// The constraint of a type parameter, its argument, and the part that an explicit implementation must repeat.
/// </summary>
internal sealed record RandomConstraint(string Text, string Argument, string Repeated)
{
    public static Gen<RandomConstraint> Any { get; } = Pick.OneOf(
        new RandomConstraint("", "string", " where T : default"),
        new RandomConstraint(" where T : class", "string", " where T : class"),
        new RandomConstraint(" where T : class?, IComparable<T>", "string", " where T : class"),
        new RandomConstraint(" where T : notnull", "string", " where T : default"),
        new RandomConstraint(" where T : IComparable<T>?", "string", " where T : default"),
        new RandomConstraint(" where T : struct", "int", ""),
        new RandomConstraint(" where T : unmanaged, IComparable<T>", "int", ""));

    public string Value(int number) => Argument == "int" ? $"{number}" : $"\"s{number}\"";
}
