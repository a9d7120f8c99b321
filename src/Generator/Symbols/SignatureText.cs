using System.Text;
using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Symbols;

/// <summary>
/// The signature by which C# distinguishes overloads, as text: equal for two members that cannot both be public in one
/// class.
/// </summary>
internal static class SignatureText
{
    /// <summary>
    /// Excludes what does not distinguish overloads: null annotations and the names of tuple elements.
    /// </summary>
    private static readonly SymbolDisplayFormat Format = new(
        globalNamespaceStyle: SymbolDisplayGlobalNamespaceStyle.Included,
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.ExpandValueTuple | SymbolDisplayMiscellaneousOptions.ExpandNullable);

    public static string Get(IMethodSymbol method) => Get($"{method.Name}`{method.Arity}", method.Parameters);

    public static string Get(IPropertySymbol indexer) => Get("this", indexer.Parameters);

    /// <summary>Whether two members of one interface have the same signature for classes and callers.</summary>
    public static bool AreSame(ISymbol one, ISymbol other) => (one, other) switch
    {
        (IMethodSymbol method, IMethodSymbol twin) => Get(method) == Get(twin) && HaveSameReferences(method.Parameters, twin.Parameters),
        (IPropertySymbol { IsIndexer: true } indexer, IPropertySymbol { IsIndexer: true } twin) => Get(indexer) == Get(twin) && HaveSameReferences(indexer.Parameters, twin.Parameters),
        _ => false,
    };

    private static bool HaveSameReferences(IEnumerable<IParameterSymbol> parameters, IEnumerable<IParameterSymbol> others)
        => parameters.Zip(others, static (one, other) => one.RefKind == other.RefKind).All(static same => same);

    private static string Get(string name, IReadOnlyList<IParameterSymbol> parameters)
    {
        var text = new StringBuilder(name);
        foreach (var parameter in parameters)
        {
            // Overloads can differ in whether a parameter is a reference, not in the kind of reference.
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
