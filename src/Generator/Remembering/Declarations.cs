using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using ThriftBreaker.Generator.Parsing;

namespace ThriftBreaker.Generator.Remembering;

/// <summary>
/// What a file declares that a model can depend on, as text: usings, the heads of all types, interfaces whole, enums, attributes, constants,
/// and the structs of messages in which a contract says what its signatures do not. Statements, and the members of classes that no model
/// looks for, are left out: they are what people type most.
/// </summary>
internal static class Declarations
{
    /// <summary>Known for each file that is unchanged; a file goes, and what is known of it goes with it.</summary>
    private static readonly ConditionalWeakTable<SyntaxTree, string> Known = new();

    public static string Of(SyntaxTree file, CancellationToken cancellationToken)
    {
        if (Known.TryGetValue(file, out var known))
        {
            return known;
        }

        // Which of several marks is the first depends on the names of their files.
        var text = new StringBuilder(file.FilePath).Append('\n');
        if (file.GetRoot(cancellationToken) is CompilationUnitSyntax root)
        {
            if (root.GetFirstDirective(ChoosesCode) is not null)
            {
                // Which of its branches are compiled is decided by words anywhere above them.
                text.Append(file.GetText(cancellationToken));
            }

            foreach (var alias in root.Externs)
            {
                Add(alias, text);
            }

            foreach (var directive in root.Usings)
            {
                Add(directive, text);
            }

            foreach (var attributes in root.AttributeLists)
            {
                Add(attributes, text);
            }

            AddNullability(root, text);
            foreach (var member in root.Members)
            {
                Add(member, MembersOfClasses.LookedFor, text);
            }
        }

        return Known.GetValue(file, _ => text.ToString());
    }

    private static void Add(MemberDeclarationSyntax member, MembersOfClasses members, StringBuilder text)
    {
        switch (member)
        {
            case BaseNamespaceDeclarationSyntax space:
                text.Append("namespace ");
                Add(space.Name, text);
                foreach (var alias in space.Externs)
                {
                    Add(alias, text);
                }

                foreach (var directive in space.Usings)
                {
                    Add(directive, text);
                }

                AddAll(space.Members, MembersOfClasses.LookedFor, text);
                break;

            case TypeDeclarationSyntax type when type is not InterfaceDeclarationSyntax && members != MembersOfClasses.Whole && !IsAttribute(type) && !IsResult(type):
                // Up to the brace: attributes, modifiers, name, bases, constraints.
                AddText(type, type.SpanStart, HeadEnd(type), text);
                AddAll(type.Members, MembersOf(type), text);
                break;

            case BaseTypeDeclarationSyntax or DelegateDeclarationSyntax:
            case FieldDeclarationSyntax field when field.Modifiers.Any(SyntaxKind.ConstKeyword):
                Add(member, text);
                break;

            default:
                // One that is required, in whichever class, may be that of a client's base.
                if (members == MembersOfClasses.Heads || member.Modifiers.Any(SyntaxKind.RequiredKeyword) || NamesOf(member).Any(IsLookedFor))
                {
                    AddText(member, member.SpanStart, HeadEnd(member), text);
                }

                break;
        }
    }

    private static void AddAll(SyntaxList<MemberDeclarationSyntax> list, MembersOfClasses members, StringBuilder text)
    {
        text.Append('{');
        foreach (var member in list)
        {
            Add(member, members, text);
        }

        text.Append('}');
    }

    private static MembersOfClasses MembersOf(TypeDeclarationSyntax type)
        => type.Identifier.ValueText == ContractReader.Structs ? MembersOfClasses.Whole
            : type.Identifier.ValueText == ThriftClientReader.Client || type.BaseList?.ToString().Contains(ThriftClientReader.Client) == true ? MembersOfClasses.Heads
            : MembersOfClasses.LookedFor;

    /// <summary>Whether a model depends on there being a member of this name in a class: it is in the way of a client, or makes a result one that is awaited.</summary>
    private static bool IsLookedFor(SyntaxToken name)
        => name.ValueText.EndsWith(ThriftClientReader.Client, StringComparison.Ordinal) || ResultReader.MembersOfAwaited.Contains(name.ValueText, StringComparer.Ordinal);

    private static IEnumerable<SyntaxToken> NamesOf(MemberDeclarationSyntax member) => member switch
    {
        MethodDeclarationSyntax method => [method.Identifier],
        PropertyDeclarationSyntax property => [property.Identifier],
        EventDeclarationSyntax @event => [@event.Identifier],
        BaseFieldDeclarationSyntax field => field.Declaration.Variables.Select(static variable => variable.Identifier),
        _ => [],
    };

    /// <summary>What an attribute says is read by its constructors and properties.</summary>
    private static bool IsAttribute(TypeDeclarationSyntax type) => type.Identifier.ValueText.EndsWith("Attribute", StringComparison.Ordinal);

    /// <summary>Old contracts have the structs of messages beside the interface.</summary>
    private static bool IsResult(TypeDeclarationSyntax type) => type.Parent is TypeDeclarationSyntax && ContractReader.IsNamedLikeAResult(type.Identifier.ValueText);

    private static bool ChoosesCode(DirectiveTriviaSyntax directive)
        => directive is ConditionalDirectiveTriviaSyntax or DefineDirectiveTriviaSyntax or UndefDirectiveTriviaSyntax;

    /// <summary>A directive changes the types that follow it, so where it stands counts.</summary>
    private static void AddNullability(CompilationUnitSyntax root, StringBuilder text)
    {
        for (var directive = root.GetFirstDirective(IsNullable); directive is not null; directive = directive.GetNextDirective(IsNullable))
        {
            text.Append(directive.SpanStart);
            Add(directive, text);
        }

        static bool IsNullable(DirectiveTriviaSyntax directive) => directive.IsKind(SyntaxKind.NullableDirectiveTrivia);
    }

    /// <summary>A record may have no braces, and a type that is being typed not yet.</summary>
    private static int HeadEnd(TypeDeclarationSyntax type)
        => type.OpenBraceToken.IsMissing || type.OpenBraceToken.IsKind(SyntaxKind.None) ? type.Span.End : type.OpenBraceToken.SpanStart;

    private static int HeadEnd(MemberDeclarationSyntax member)
        => member switch
        {
            BaseMethodDeclarationSyntax method => (SyntaxNode?)method.Body ?? method.ExpressionBody,
            PropertyDeclarationSyntax property => (SyntaxNode?)property.AccessorList ?? property.ExpressionBody,
            _ => null,
        } is { } body ? body.SpanStart : member.Span.End;

    private static void Add(SyntaxNode node, StringBuilder text) => AddText(node, node.SpanStart, node.Span.End, text);

    private static void AddText(SyntaxNode node, int start, int end, StringBuilder text)
        => text.Append(node.SyntaxTree.GetText().ToString(TextSpan.FromBounds(start, end))).Append('\n');

    /// <summary>What is told of the members of a class that are no types and no constants.</summary>
    private enum MembersOfClasses
    {
        /// <summary>Of a few names, that they are there.</summary>
        LookedFor,

        /// <summary>All but their bodies, of a Thrift client: its constructors, and how it implements the service.</summary>
        Heads,

        /// <summary>Everything, of the structs of messages.</summary>
        Whole,
    }
}
