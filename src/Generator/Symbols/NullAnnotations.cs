using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Symbols;

/// <summary>
/// Whether the types of a member are annotated for null. A member compiled without nullable references has no
/// annotations, and generated code must not claim for it that null is forbidden.
/// </summary>
internal static class NullAnnotations
{
    [Flags]
    private enum Annotations
    {
        /// <summary>No type in the member can be null.</summary>
        None = 0,

        /// <summary><c>string?</c></summary>
        MayBeNull = 1,

        /// <summary><c>string</c></summary>
        NotNull = 2,

        /// <summary><c>string</c>, where nullable references are off.</summary>
        Oblivious = 4,
    }

    /// <summary>Gets whether the types are annotated; null if the member has no type that can be null.</summary>
    public static bool? AreIn(ISymbol member)
    {
        var annotations = member switch
        {
            IMethodSymbol method => In(method.ReturnType) | In(method.Parameters) | In(method.TypeParameters),
            IPropertySymbol property => In(property.Type) | In(property.Parameters),
            IEventSymbol @event => In(@event.Type),
            _ => Annotations.None,
        };
        return annotations == Annotations.None ? null : (annotations & Annotations.MayBeNull) != 0 || (annotations & Annotations.Oblivious) == 0;
    }

    private static Annotations In(ITypeSymbol type)
    {
        var annotations = type.IsValueType ? Annotations.None : From(type.NullableAnnotation);
        switch (type)
        {
            case IArrayTypeSymbol array:
                return annotations | In(array.ElementType);

            case INamedTypeSymbol { IsGenericType: true } named:
                for (var level = named; level is not null; level = level.ContainingType)
                {
                    foreach (var argument in level.TypeArguments)
                    {
                        annotations |= In(argument);
                    }
                }

                return annotations;

            default:
                return annotations;
        }
    }

    private static Annotations In(IReadOnlyList<IParameterSymbol> parameters)
    {
        var annotations = Annotations.None;
        for (var index = 0; index < parameters.Count; index++)
        {
            annotations |= In(parameters[index].Type);
        }

        return annotations;
    }

    private static Annotations In(IReadOnlyList<ITypeParameterSymbol> parameters)
    {
        var annotations = Annotations.None;
        foreach (var parameter in parameters)
        {
            annotations |= parameter.HasReferenceTypeConstraint ? From(parameter.ReferenceTypeConstraintNullableAnnotation) : Annotations.None;
            annotations |= parameter.HasNotNullConstraint ? Annotations.NotNull : Annotations.None;
            for (var index = 0; index < parameter.ConstraintTypes.Length; index++)
            {
                annotations |= In(parameter.ConstraintTypes[index].WithNullableAnnotation(parameter.ConstraintNullableAnnotations[index]));
            }
        }

        return annotations;
    }

    private static Annotations From(NullableAnnotation annotation) => annotation switch
    {
        NullableAnnotation.Annotated => Annotations.MayBeNull,
        NullableAnnotation.NotAnnotated => Annotations.NotNull,
        _ => Annotations.Oblivious,
    };
}
