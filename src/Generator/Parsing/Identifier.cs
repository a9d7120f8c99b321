using Microsoft.CodeAnalysis.CSharp;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>Names as C# wants them written.</summary>
internal static class Identifier
{
    /// <summary>With an <c>@</c> before a keyword. A symbol's own name has none, and Thrift contracts are full of them.</summary>
    public static string Escape(string name)
        => SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || IsContextual(name) ? "@" + name : name;

    /// <summary>Whether it is a word of the language in some places only.</summary>
    public static bool IsContextual(string name) => SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None || name is "dynamic" or "nint" or "nuint" or "notnull";
}
