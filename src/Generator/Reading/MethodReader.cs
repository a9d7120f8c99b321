using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Rules;

namespace ThriftBreaker.Generator.Reading;

/// <summary>From the methods of a service interface to their models.</summary>
internal static class MethodReader
{
    public static EquatableArray<MethodModel> Read(MarkedService service, PublicNames publicNames, CancellationToken cancellationToken)
    {
        var contractFields = new HashSet<string>(PublicNames.OfObject.Append(PublicNames.ContractsClass), StringComparer.Ordinal);
        var models = new List<MethodModel>(service.Members.Count);
        foreach (var method in service.Members.OfType<IMethodSymbol>())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var isExplicit = !publicNames.Take(method) || !ConstraintText.CanBeWritten(method);
            models.Add(Read(method, Unique(method.Name, contractFields), isExplicit, service));
        }

        return models.ToEquatableArray();
    }

    private static MethodModel Read(IMethodSymbol method, string contractField, bool isExplicit, MarkedService service)
    {
        var (returns, result) = Shape(method);
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
            TypeParameters(method, isExplicit, service),
            ConstraintText.Of(method, isExplicit),
            ParameterReader.Read(method.Parameters, isExplicit, service.Compilation),
            contract.Oneway,
            contract.Throws,
            CallSettings.IsIdempotent(method.Name, service),
            CallSettings.TimeoutOf(method.Name, service),
            isExplicit,
            MemberRules.IsHalfOfACall(method) ? null : CircuitReader.FieldFor(method.Name, service),
            AttributeReader.OfMember(method, isExplicit, service.Compilation).ToEquatableArray());
    }

    private static EquatableArray<TypeParameterModel> TypeParameters(IMethodSymbol method, bool isExplicit, MarkedService service)
        => method.TypeParameters.IsEmpty
            ? default
            : method.TypeParameters
                .Select(parameter => new TypeParameterModel(parameter.Name, AttributeReader.InLineOf(parameter, isExplicit, service.Compilation)))
                .ToEquatableArray();

    private static (ReturnShape Shape, ITypeSymbol? Result) Shape(IMethodSymbol method)
    {
        if (method.ReturnsVoid)
        {
            return (ReturnShape.Void, null);
        }

        var type = method.RefKind == RefKind.None ? method.ReturnType as INamedTypeSymbol : null;
        return type switch
        {
            _ when TypeText.Is(type, "System.Threading.Tasks.Task") => (ReturnShape.Task, null),
            _ when TypeText.Is(type, "System.Threading.Tasks.Task`1") => (ReturnShape.Task, type!.TypeArguments[0]),
            _ when TypeText.Is(type, "System.Threading.Tasks.ValueTask") => (ReturnShape.ValueTask, null),
            _ when TypeText.Is(type, "System.Threading.Tasks.ValueTask`1") => (ReturnShape.ValueTask, type!.TypeArguments[0]),
            _ when IsStream(type) => (ReturnShape.Stream, type!.TypeArguments[0]),

            // A span and its like cannot be a type argument, so nobody judges it.
            _ => (ReturnShape.Value, ParameterReader.KindOf(method.ReturnType) == ParameterKind.RefLike ? null : method.ReturnType),
        };
    }

    public static bool IsStream(ITypeSymbol? type) => TypeText.Is(type, "System.Collections.Generic.IAsyncEnumerable`1");

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
