using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Model;

namespace ThriftBreaker.Generator.Reading;

/// <summary>From the parameters of a method or an indexer to their models.</summary>
internal static class ParameterReader
{
    public static EquatableArray<ParameterModel> Read(IReadOnlyList<IParameterSymbol> parameters, bool isExplicit, Compilation compilation)
        => parameters.Count == 0 ? default : parameters.Select(parameter => Read(parameter, isExplicit, compilation)).ToEquatableArray();

    /// <summary>What is special about a parameter of this type.</summary>
    public static ParameterKind KindOf(ITypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Dynamic } => ParameterKind.Dynamic,
        { IsRefLikeType: true } => ParameterKind.RefLike,
        _ when TypeText.Is(type, "System.Threading.CancellationToken") => ParameterKind.CancellationToken,
        _ when ConstraintText.AllowsRefLike(type) => ParameterKind.RefLike,
        _ => ParameterKind.Other,
    };

    private static ParameterModel Read(IParameterSymbol parameter, bool isExplicit, Compilation compilation) => new(
        parameter.Name,
        TypeText.InCodeOf(parameter.Type),
        Passing(parameter.RefKind),
        Modifiers(parameter),
        !isExplicit && parameter.HasExplicitDefaultValue ? DefaultValue.Of(parameter) : null,
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
