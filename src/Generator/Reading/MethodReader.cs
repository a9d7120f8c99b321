using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Model;

namespace ThriftBreaker.Generator.Reading;

/// <summary>From the methods of a service interface to their models.</summary>
internal static class MethodReader
{
    /// <summary>Names that every class has from <see cref="object"/>.</summary>
    private static readonly string[] NamesOfObject =
        ["Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "ReferenceEquals", "ToString"];

    /// <summary>Names that the written classes need for themselves, and <c>nameof</c>, which a method of that name would hide.</summary>
    private static readonly string[] TakenNames =
    [
        .. NamesOfObject, "Breaker", "BreakerOf", "Channel", "Connect", "DefaultOptions", "Dispose", "DisposeAsync", ContractsClass,
        "_breaker", "_calls", "_fallback", "_inner", "get_Breaker", "get_Channel", "get_DefaultOptions", "nameof",
    ];

    /// <summary>The name of the nested class with a field for the contract of each method.</summary>
    private const string ContractsClass = "Methods";

    /// <summary>Whether the written classes need this name for themselves.</summary>
    public static bool IsTaken(string name) => TakenNames.Contains(name, StringComparer.Ordinal);

    public static EquatableArray<MethodModel> Read(
        MarkedService service, IReadOnlyCollection<string> otherNames, CancellationToken cancellationToken)
    {
        var takenNames = new HashSet<string>(TakenNames.Concat(otherNames), StringComparer.Ordinal);
        var signatures = new HashSet<string>(StringComparer.Ordinal);
        var contractFields = new HashSet<string>(NamesOfObject.Append(ContractsClass), StringComparer.Ordinal);
        var models = new List<MethodModel>(service.Methods.Count);
        foreach (var method in service.Methods)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var isNew = signatures.Add(Signature(method));
            var isExplicit = takenNames.Contains(method.Name) || !isNew || method.DeclaredAccessibility != Accessibility.Public;
            models.Add(Read(method, Unique(method.Name, contractFields), isExplicit, CircuitReader.FieldFor(method.Name, service)));
        }

        return models.ToEquatableArray();
    }

    private static MethodModel Read(IMethodSymbol method, string contractField, bool isExplicit, string? breaker)
    {
        var (returns, result) = Shape(method);
        var contract = ContractReader.Read(method);
        return new MethodModel(
            method.Name,
            contract.Name,
            contractField,
            TypeText.InCodeOf(method.ContainingType),
            returns,
            TypeText.InCodeOf(method.ReturnType),
            result is null ? null : TypeText.InCodeOf(result),
            method.Parameters.Select(Read).ToEquatableArray(),
            contract.Oneway,
            contract.Throws,
            isExplicit,
            breaker,
            ObsoleteReader.Read(method));
    }

    private static ParameterModel Read(IParameterSymbol parameter) => new(
        parameter.Name,
        TypeText.InCodeOf(parameter.Type),
        parameter.HasExplicitDefaultValue ? DefaultValue.Of(parameter) : null,
        parameter.IsParams,
        TypeText.Is(parameter.Type, "System.Threading.CancellationToken"));

    private static (ReturnShape Shape, ITypeSymbol? Result) Shape(IMethodSymbol method)
    {
        if (method.ReturnsVoid)
        {
            return (ReturnShape.Void, null);
        }

        var type = method.ReturnType as INamedTypeSymbol;
        return type switch
        {
            _ when TypeText.Is(type, "System.Threading.Tasks.Task") => (ReturnShape.Task, null),
            _ when TypeText.Is(type, "System.Threading.Tasks.Task`1") => (ReturnShape.Task, type!.TypeArguments[0]),
            _ when TypeText.Is(type, "System.Threading.Tasks.ValueTask") => (ReturnShape.ValueTask, null),
            _ when TypeText.Is(type, "System.Threading.Tasks.ValueTask`1") => (ReturnShape.ValueTask, type!.TypeArguments[0]),

            // A span and its like cannot be a type argument, so nobody judges it.
            _ => (ReturnShape.Value, method.ReturnType.IsRefLikeType ? null : method.ReturnType),
        };
    }

    private static string Signature(IMethodSymbol method)
        => $"{method.Name}({string.Join(",", method.Parameters.Select(static parameter => parameter.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)))})";

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
