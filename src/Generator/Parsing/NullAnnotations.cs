using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// Whether a member says of its types what may be null. One that was compiled without nullable references says nothing, and the client must not
/// say for it that null is forbidden.
/// </summary>
internal static class NullAnnotations
{
    [Flags]
    private enum Said
    {
        /// <summary>No type in it could be null.</summary>
        NoMatter = 0,

        /// <summary><c>string?</c></summary>
        MayBeNull = 1,

        /// <summary><c>string</c></summary>
        NotNull = 2,

        /// <summary><c>string</c>, where nullable references are off.</summary>
        Nothing = 4,
    }

    /// <summary>Null where it makes no difference.</summary>
    public static bool? AreIn(ISymbol member)
    {
        var said = member switch
        {
            IMethodSymbol method => In(method.ReturnType) | In(method.Parameters) | In(method.TypeParameters),
            IPropertySymbol property => In(property.Type) | In(property.Parameters),
            IEventSymbol @event => In(@event.Type),
            _ => Said.NoMatter,
        };
        return said == Said.NoMatter ? null : (said & Said.MayBeNull) != 0 || (said & Said.Nothing) == 0;
    }

    private static Said In(ITypeSymbol type)
    {
        var said = type.IsValueType ? Said.NoMatter : Of(type.NullableAnnotation);
        switch (type)
        {
            case IArrayTypeSymbol array:
                return said | In(array.ElementType);

            case INamedTypeSymbol { IsGenericType: true } named:
                for (var level = named; level is not null; level = level.ContainingType)
                {
                    foreach (var argument in level.TypeArguments)
                    {
                        said |= In(argument);
                    }
                }

                return said;

            default:
                return said;
        }
    }

    private static Said In(IReadOnlyList<IParameterSymbol> parameters)
    {
        var said = Said.NoMatter;
        for (var index = 0; index < parameters.Count; index++)
        {
            said |= In(parameters[index].Type);
        }

        return said;
    }

    private static Said In(IReadOnlyList<ITypeParameterSymbol> parameters)
    {
        var said = Said.NoMatter;
        foreach (var parameter in parameters)
        {
            said |= parameter.HasReferenceTypeConstraint ? Of(parameter.ReferenceTypeConstraintNullableAnnotation) : Said.NoMatter;
            said |= parameter.HasNotNullConstraint ? Said.NotNull : Said.NoMatter;
            for (var index = 0; index < parameter.ConstraintTypes.Length; index++)
            {
                said |= In(parameter.ConstraintTypes[index].WithNullableAnnotation(parameter.ConstraintNullableAnnotations[index]));
            }
        }

        return said;
    }

    private static Said Of(NullableAnnotation annotation) => annotation switch
    {
        NullableAnnotation.Annotated => Said.MayBeNull,
        NullableAnnotation.NotAnnotated => Said.NotNull,
        _ => Said.Nothing,
    };
}
