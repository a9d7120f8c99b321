using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>Reads the parameters of a method or an indexer.</summary>
internal static class ParameterReader
{
    /// <param name="parameters">The parameters.</param>
    /// <param name="isExplicit">Whether the member is an explicit implementation, which callers never see.</param>
    /// <param name="endsLater">Whether the call can end after the member has returned.</param>
    /// <param name="compilation">The project of the client.</param>
    public static EquatableArray<ParameterModel> Read(IReadOnlyList<IParameterSymbol> parameters, bool isExplicit, bool endsLater, Compilation compilation)
    {
        if (parameters.Count == 0)
        {
            return default;
        }

        var models = new ParameterModel[parameters.Count];
        var mayHaveDefault = !isExplicit;
        for (var index = parameters.Count - 1; index >= 0; index--)
        {
            // C# allows default values at the end only. Attributes give them anywhere and to any type.
            var parameter = parameters[index];
            var value = !mayHaveDefault ? null
                : DefaultValue.IsDefaultToken(parameter) ? "default"
                : parameter.HasExplicitDefaultValue ? DefaultValue.ToCode(parameter)
                : null;
            mayHaveDefault &= value is not null || parameter.IsParams;
            var attributes = RepeatedAttributes.GetInLine(parameter, isExplicit, endsLater, compilation);
            models[index] = new ParameterModel(
                parameter.Name,
                TypeText.InCodeOf(parameter.Type),
                Passing(parameter.RefKind),
                Modifiers(parameter),
                value,
                KindOf(parameter.Type),
                value is null && !isExplicit && parameter.IsOptional ? OptionalText.ToCode(parameter) + attributes : attributes);
        }

        return new(models);
    }

    /// <summary>Gets the kind of a parameter of this type.</summary>
    public static ParameterKind KindOf(ITypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Dynamic } => ParameterKind.Dynamic,
        { IsRefLikeType: true } => ParameterKind.RefLike,
        _ when IsToken(type) => ParameterKind.CancellationToken,
        INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable when IsToken(nullable.TypeArguments[0]) => ParameterKind.NullableCancellationToken,
        _ when ConstraintText.AllowsRefLike(type) => ParameterKind.RefLike,
        INamedTypeSymbol { TypeKind: TypeKind.Interface } named when StaticMembers.AreMissing(named) => ParameterKind.WithStaticMembers,
        _ => ParameterKind.Other,
    };

    private static bool IsToken(ITypeSymbol type) => TypeText.Is(type, "System.Threading.CancellationToken");

    private static ArgumentPassing Passing(RefKind kind) => kind switch
    {
        RefKind.None => ArgumentPassing.Value,
        RefKind.Ref => ArgumentPassing.Ref,
        RefKind.Out => ArgumentPassing.Out,
        _ => ArgumentPassing.In,
    };

    /// <summary>
    /// Out parameters and parameter arrays are scoped implicitly, and older languages do not have the modifier.
    /// </summary>
    private static string Modifiers(IParameterSymbol parameter)
        => (parameter.IsParams ? "params " : parameter.ScopedKind != ScopedKind.None && parameter.RefKind != RefKind.Out ? "scoped " : "") +
            parameter.RefKind switch
            {
                RefKind.None => "",
                RefKind.Ref => "ref ",
                RefKind.Out => "out ",
                RefKind.RefReadOnlyParameter => "ref readonly ",
                _ => "in ",
            };
}
