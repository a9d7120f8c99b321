using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>Reads the parameters of a method or an indexer.</summary>
internal static class ParameterReader
{
    public static EquatableArray<ParameterModel> Read(IReadOnlyList<IParameterSymbol> parameters, bool isExplicit, Compilation compilation)
    {
        if (parameters.Count == 0)
        {
            return default;
        }

        var models = new ParameterModel[parameters.Count];
        var mayHaveDefault = !isExplicit;
        for (var index = parameters.Count - 1; index >= 0; index--)
        {
            // C# allows default values at the end only. Attributes give them anywhere and to any type; those that C#
            // cannot express stay on the interface.
            var value = !mayHaveDefault ? null
                : DefaultValue.IsDefaultToken(parameters[index]) ? "default"
                : parameters[index].HasExplicitDefaultValue ? DefaultValue.ToCode(parameters[index])
                : null;
            mayHaveDefault &= value is not null || parameters[index].IsParams;
            models[index] = Read(parameters[index], value, isExplicit, compilation);
        }

        return new(models);
    }

    /// <summary>Gets the kind of a parameter of this type.</summary>
    public static ParameterKind KindOf(ITypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Dynamic } => ParameterKind.Dynamic,
        { IsRefLikeType: true } => ParameterKind.RefLike,
        _ when TypeText.Is(type, "System.Threading.CancellationToken") => ParameterKind.CancellationToken,
        _ when ConstraintText.AllowsRefLike(type) => ParameterKind.RefLike,
        INamedTypeSymbol { TypeKind: TypeKind.Interface } named when StaticMembers.AreMissing(named) => ParameterKind.WithStaticMembers,
        _ => ParameterKind.Other,
    };

    private static ParameterModel Read(IParameterSymbol parameter, string? value, bool isExplicit, Compilation compilation) => new(
        parameter.Name,
        TypeText.InCodeOf(parameter.Type),
        Passing(parameter.RefKind),
        Modifiers(parameter),
        value,
        KindOf(parameter.Type),
        RepeatedAttributes.GetInLine(parameter, isExplicit, compilation));

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
