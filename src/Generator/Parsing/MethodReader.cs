using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>Reads the methods of a service interface.</summary>
internal static class MethodReader
{
    public static EquatableArray<MethodModel> Read(
        ServiceDeclaration service, PublicNames publicNames, EquatableArray<MethodCircuitBreakerModel> circuitBreakers, CancellationToken cancellationToken)
    {
        var contractFields = new HashSet<string>(PublicNames.OfDescription, StringComparer.Ordinal);
        var indexes = CircuitBreakerReader.GetIndexes(circuitBreakers);
        var models = new List<MethodModel>(service.Members.Count);
        foreach (var method in service.Members.OfType<IMethodSymbol>())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var isExplicit = !publicNames.Take(method) || !ConstraintText.CanBeWritten(method);
            models.Add(Read(method, Unique(method.Name, contractFields), isExplicit, service, indexes));
        }

        return models.ToEquatableArray();
    }

    private static MethodModel Read(IMethodSymbol method, string contractField, bool isExplicit, ServiceDeclaration service, Dictionary<string, int> indexes)
    {
        var (returns, result) = ResultReader.Read(method);
        var endsLater = returns is ReturnShape.Task or ReturnShape.ValueTask or ReturnShape.Stream;
        var contract = ContractReader.Read(method);
        return new MethodModel(
            method.Name,
            contract.Name,
            contractField,
            TypeText.InCodeOf(method.ContainingType),
            returns,
            RefText.ToCode(method.RefKind),
            TypeText.InCodeOf(method.ReturnType),
            result is null ? null : TypeText.InCodeOf(result),
            ParameterReader.KindOf(method.ReturnType) is ParameterKind.Dynamic or ParameterKind.WithStaticMembers,
            TypeParameters(method, isExplicit, service),
            ConstraintText.ToCode(method, isExplicit),
            ParameterReader.Read(method.Parameters, isExplicit, endsLater, service.Compilation),
            contract.Oneway,
            contract.Throws,
            CallSettings.IsIdempotent(method.Name, service),
            CallSettings.GetTimeout(method.Name, service),
            isExplicit,
            ServiceMember.GetReasonToForward(method) is not null ? 0 : CircuitBreakerReader.GetIndex(method.Name, service, indexes),
            NullAnnotations.AreIn(method),
            RepeatedAttributes.GetForMember(method, isExplicit, endsLater, service.Compilation).ToEquatableArray());
    }

    private static EquatableArray<TypeParameterModel> TypeParameters(IMethodSymbol method, bool isExplicit, ServiceDeclaration service)
        => method.TypeParameters.IsEmpty
            ? default
            : method.TypeParameters
                .Select(parameter => new TypeParameterModel(parameter.Name, RepeatedAttributes.GetInLine(parameter, isExplicit, endsLater: false, service.Compilation)))
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
