using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ThriftBreaker.Generator.Caching;

/// <summary>
/// A hash of everything that a symbol can depend on. A symbol depends on declarations, never on bodies: the hash covers
/// the syntax of all files outside of bodies and of initializers that are not constant, the references, and the
/// options.
/// </summary>
internal static class DeclarationFingerprint
{
    private static readonly ConditionalWeakTable<Compilation, string> Compilations = new();

    /// <summary>An unchanged file is the same object in the next compilation.</summary>
    private static readonly ConditionalWeakTable<SyntaxTree, string> Files = new();

    /// <summary>
    /// A text for each reference and each set of options, which identifies the object without keeping it alive.
    /// </summary>
    private static readonly ConditionalWeakTable<object, string> Objects = new();

    public static string Get(Compilation compilation, CancellationToken cancellationToken)
        => Compilations.GetValue(compilation, each => Hash(string.Join("\n", each.SyntaxTrees.Select(file => Get(file, cancellationToken))
            .Concat(each.References.Append<object>(each.Options).Select(Identify))
            .Append(each.AssemblyName))));

    private static string Get(SyntaxTree file, CancellationToken cancellationToken)
        => Files.GetValue(file, each => Hash(Describe(each, cancellationToken)));

    /// <summary>
    /// Describes the syntax of a file exactly: the kind of each node and token in order, with the number of its parts
    /// or its text.
    /// </summary>
    private static string Describe(SyntaxTree file, CancellationToken cancellationToken)
    {
        var root = file.GetRoot(cancellationToken);

        // The path orders attributes of several files. The path and the comment at the top decide whether the file
        // counts as generated.
        var text = new StringBuilder(file.FilePath).Append(Identify(file.Options)).Append(root.GetLeadingTrivia().ToFullString());
        text.Append(root.ChildNodes().Any(static node => node.IsKind(SyntaxKind.GlobalStatement)));
        var directive = root.GetFirstDirective(IsNullable);
        foreach (var part in root.DescendantNodesAndTokens(static node => !IsBody(node)))
        {
            if (part.IsKind(SyntaxKind.GlobalStatement))
            {
                continue;
            }

            // Also those inside of bodies: a directive affects the declarations after it.
            for (; directive is not null && directive.SpanStart < part.SpanStart; directive = directive.GetNextDirective(IsNullable))
            {
                text.Append(directive);
            }

            text.Append('\n').Append(part.RawKind.ToString(CultureInfo.InvariantCulture)).Append(' ');
            text.Append(part.IsToken ? part.AsToken().Text : IsBody(part.AsNode()!) ? "" : part.ChildNodesAndTokens().Count.ToString(CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    private static bool IsNullable(DirectiveTriviaSyntax directive) => directive.IsKind(SyntaxKind.NullableDirectiveTrivia);

    private static bool IsBody(SyntaxNode node) => node switch
    {
        BlockSyntax or ArrowExpressionClauseSyntax or GlobalStatementSyntax => true,
        EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax } => true,
        EqualsValueClauseSyntax { Parent.Parent.Parent: BaseFieldDeclarationSyntax field } => !field.Modifiers.Any(SyntaxKind.ConstKeyword),
        _ => false,
    };

    private static string Identify(object compilerObject) => Objects.GetValue(compilerObject, static _ => Guid.NewGuid().ToString());

    private static string Hash(string text)
    {
        using var hash = SHA256.Create();
        return Convert.ToBase64String(hash.ComputeHash(Encoding.Unicode.GetBytes(text)));
    }
}
