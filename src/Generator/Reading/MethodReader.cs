using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Model;

namespace ThriftBreaker.Generator.Reading;

/// <summary>From the methods of a service interface to their models.</summary>
internal static class MethodReader
{
    /// <summary>Names that the written classes need for themselves, or have from <see cref="object"/>.</summary>
    private static readonly string[] TakenNames =
    [
        "Breaker", "Channel", "ChannelClient", "Connect", "DefaultOptions", "Dispose", "DisposeAsync", "Methods", "_breaker", "_calls", "_inner",
        "Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "ReferenceEquals", "ToString",
    ];

    public static EquatableArray<MethodModel> Read(IReadOnlyList<IMethodSymbol> methods, string guardedName, CancellationToken cancellationToken)
    {
        var signatures = new HashSet<string>(StringComparer.Ordinal);
        var contractNames = new HashSet<string>(StringComparer.Ordinal);
        var models = new List<MethodModel>(methods.Count);
        foreach (var method in methods)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var taken = TakenNames.Contains(method.Name, StringComparer.Ordinal) || method.Name == guardedName;
            var isNew = signatures.Add(Signature(method));
            var isExplicit = taken || !isNew || method.DeclaredAccessibility != Accessibility.Public;
            models.Add(Read(method, Unique(method.Name, contractNames), isExplicit));
        }

        return models.ToEquatableArray();
    }

    private static MethodModel Read(IMethodSymbol method, string contractName, bool isExplicit)
    {
        var (returns, result) = Shape(method);
        var contract = ContractReader.Read(method);
        return new MethodModel(
            method.Name,
            contractName,
            TypeText.InCodeOf(method.ContainingType),
            returns,
            TypeText.InCodeOf(method.ReturnType),
            result is null ? null : TypeText.InCodeOf(result),
            method.Parameters.Select(Read).ToEquatableArray(),
            contract.Oneway,
            contract.Throws,
            isExplicit,
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
            _ => (ReturnShape.Value, method.ReturnType),
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
