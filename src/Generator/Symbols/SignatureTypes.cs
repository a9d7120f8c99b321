using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Symbols;

/// <summary>The types in the signature of a member.</summary>
internal static class SignatureTypes
{
    public static IEnumerable<ITypeSymbol> Get(ISymbol member) => member switch
    {
        IMethodSymbol { TypeParameters.IsEmpty: true } method => method.Parameters.Select(static parameter => parameter.Type).Prepend(method.ReturnType),
        IMethodSymbol method => method.Parameters.Select(static parameter => parameter.Type)
            .Concat(method.TypeParameters.SelectMany(static parameter => parameter.ConstraintTypes))
            .Prepend(method.ReturnType),
        IPropertySymbol property => property.Parameters.Select(static parameter => parameter.Type).Prepend(property.Type),
        IEventSymbol @event => [@event.Type],
        _ => [],
    };

    /// <summary>Whether a type in the signature does not exist; the compiler reports it on the user's line.</summary>
    public static bool AreBroken(ISymbol member)
        => Get(member).Any(static type => TypeWalk.Any(type, static part => part.TypeKind == TypeKind.Error));
}
