using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Symbols;

/// <summary>The modifier before the type of a result: <c>ref </c>, <c>ref readonly </c> or nothing.</summary>
internal static class RefText
{
    public static string ToCode(RefKind kind) => kind switch
    {
        RefKind.None => "",
        RefKind.Ref => "ref ",
        _ => "ref readonly ",
    };
}
