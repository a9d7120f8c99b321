using Microsoft.CodeAnalysis.CSharp;

namespace ThriftBreaker.Generator.Symbols;

/// <summary>Names as C# code spells them.</summary>
internal static class Identifier
{
    /// <summary>
    /// Adds an <c>@</c> before a keyword. Names of symbols have none, and Thrift contracts often use keywords as names.
    /// </summary>
    public static string Escape(string name)
        => SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || IsContextual(name) ? "@" + name : name;

    /// <summary>Whether the name is a contextual keyword.</summary>
    public static bool IsContextual(string name) => SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None || name is "dynamic" or "nint" or "nuint" or "notnull";
}
