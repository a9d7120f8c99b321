using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Diagnostics;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>From the methods of a service interface to their models.</summary>
internal static class MethodReader
{
    public static EquatableArray<MethodModel> Read(
        MarkedService service, PublicNames publicNames, EquatableArray<MethodCircuitBreakerModel> circuitBreakers, CancellationToken cancellationToken)
    {
        var contractFields = new HashSet<string>(PublicNames.OfDescription, StringComparer.Ordinal);
        var indexes = CircuitReader.IndexesOf(circuitBreakers);
        var models = new List<MethodModel>(service.Members.Count);
        foreach (var method in service.Members.OfType<IMethodSymbol>())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var isExplicit = !publicNames.Take(method) || !ConstraintText.CanBeWritten(method);
            models.Add(Read(method, Unique(method.Name, contractFields), isExplicit, service, indexes));
        }

        return models.ToEquatableArray();
    }

    private static MethodModel Read(IMethodSymbol method, string contractField, bool isExplicit, MarkedService service, Dictionary<string, int> indexes)
    {
        var (returns, result) = ResultReader.Read(method);
        var contract = ContractReader.Read(method);
        return new MethodModel(
            method.Name,
            contract.Name,
            contractField,
            TypeText.InCodeOf(method.ContainingType),
            returns,
            RefText.Of(method.RefKind),
            TypeText.InCodeOf(method.ReturnType),
            result is null ? null : TypeText.InCodeOf(result),
            ParameterReader.KindOf(method.ReturnType) is ParameterKind.Dynamic or ParameterKind.WithStaticMembers,
            TypeParameters(method, isExplicit, service),
            ConstraintText.Of(method, isExplicit),
            ParameterReader.Read(method.Parameters, isExplicit, service.Compilation),
            contract.Oneway,
            contract.Throws,
            CallSettings.IsIdempotent(method.Name, service),
            CallSettings.TimeoutOf(method.Name, service),
            isExplicit,
            MemberRules.ReasonToForward(method) is not null ? 0 : CircuitReader.IndexOf(method.Name, service, indexes),
            NullAnnotations.AreIn(method),
            AttributeReader.OfMember(method, isExplicit, service.Compilation).ToEquatableArray());
    }

    private static EquatableArray<TypeParameterModel> TypeParameters(IMethodSymbol method, bool isExplicit, MarkedService service)
        => method.TypeParameters.IsEmpty
            ? default
            : method.TypeParameters
                .Select(parameter => new TypeParameterModel(parameter.Name, AttributeReader.InLineOf(parameter, isExplicit, service.Compilation)))
                .ToEquatableArray();

    private static string Unique(string name, HashSet<string> taken)
    {
        var unique = name;
        for (var number = 2; !taken.Add(unique); number++)
        {
            unique = name + number;
        }

        return unique;
    }
}
