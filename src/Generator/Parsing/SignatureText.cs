using System.Text;
using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>What tells the overloads of a class apart, as text: equal for two members that cannot both be public in one class.</summary>
internal static class SignatureText
{
    /// <summary>Without what makes no overload: annotations for null, and the names of a tuple's elements.</summary>
    private static readonly SymbolDisplayFormat Format = new(
        globalNamespaceStyle: SymbolDisplayGlobalNamespaceStyle.Included,
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.ExpandValueTuple | SymbolDisplayMiscellaneousOptions.ExpandNullable);

    public static string Of(IMethodSymbol method) => Of($"{method.Name}`{method.Arity}", method.Parameters);

    public static string Of(IPropertySymbol indexer) => Of("this", indexer.Parameters);

    /// <summary>Whether two members of one interface differ in nothing that a class or a caller could tell them apart by.</summary>
    public static bool AreSame(ISymbol one, ISymbol other) => (one, other) switch
    {
        (IMethodSymbol method, IMethodSymbol twin) => Of(method) == Of(twin) && HaveSameReferences(method.Parameters, twin.Parameters),
        (IPropertySymbol { IsIndexer: true } indexer, IPropertySymbol { IsIndexer: true } twin) => Of(indexer) == Of(twin) && HaveSameReferences(indexer.Parameters, twin.Parameters),
        _ => false,
    };

    private static bool HaveSameReferences(IEnumerable<IParameterSymbol> parameters, IEnumerable<IParameterSymbol> others)
        => parameters.Zip(others, static (one, other) => one.RefKind == other.RefKind).All(static same => same);

    private static string Of(string name, IReadOnlyList<IParameterSymbol> parameters)
    {
        var text = new StringBuilder(name);
        foreach (var parameter in parameters)
        {
            // Overloads may differ in whether a parameter is a reference, not in which kind of one.
            text.Append(parameter.RefKind == RefKind.None ? "," : ",ref ");
            foreach (var part in parameter.Type.ToDisplayParts(Format))
            {
                text.Append(part switch
                {
                    { Symbol: ITypeParameterSymbol { DeclaringMethod: not null, Ordinal: var position } } => $"!!{position}",
                    { Symbol: IDynamicTypeSymbol } => "global::System.Object",
                    _ => part.ToString(),
                });
            }
        }

        return text.ToString();
    }
}
