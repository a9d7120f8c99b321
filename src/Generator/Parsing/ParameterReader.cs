using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Diagnostics;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>From the parameters of a method or an indexer to their models.</summary>
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
            // C# has them at the end only. Attributes can say one anywhere, and of any type; what cannot be written back the interface alone offers.
            var value = !mayHaveDefault ? null
                : DefaultValue.IsNoToken(parameters[index]) ? "default"
                : parameters[index].HasExplicitDefaultValue ? DefaultValue.Of(parameters[index])
                : null;
            mayHaveDefault &= value is not null || parameters[index].IsParams;
            models[index] = Read(parameters[index], value, isExplicit, compilation);
        }

        return new(models);
    }

    /// <summary>What is special about a parameter of this type.</summary>
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
        AttributeReader.InLineOf(parameter, isExplicit, compilation));

    private static ArgumentPassing Passing(RefKind kind) => kind switch
    {
        RefKind.None => ArgumentPassing.Value,
        RefKind.Ref => ArgumentPassing.Ref,
        RefKind.Out => ArgumentPassing.Out,
        _ => ArgumentPassing.In,
    };

    /// <summary>Out parameters and parameter arrays are scoped without a word, and older languages do not know the word.</summary>
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
