using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>The types that the signature of a member names.</summary>
internal static class SignatureTypes
{
    public static IEnumerable<ITypeSymbol> Of(ISymbol member) => member switch
    {
        IMethodSymbol { TypeParameters.IsEmpty: true } method => method.Parameters.Select(static parameter => parameter.Type).Prepend(method.ReturnType),
        IMethodSymbol method => method.Parameters.Select(static parameter => parameter.Type)
            .Concat(method.TypeParameters.SelectMany(static parameter => parameter.ConstraintTypes))
            .Prepend(method.ReturnType),
        IPropertySymbol property => property.Parameters.Select(static parameter => parameter.Type).Prepend(property.Type),
        IEventSymbol @event => [@event.Type],
        _ => [],
    };

    /// <summary>Whether a type in it cannot be found: the compiler says so on the user's own line.</summary>
    public static bool AreBroken(ISymbol member)
        => Of(member).Any(static type => TypeWalk.Any(type, static part => part.TypeKind == TypeKind.Error));
}
