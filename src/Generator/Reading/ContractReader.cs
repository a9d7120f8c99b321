using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Model;

namespace ThriftBreaker.Generator.Reading;

/// <summary>
/// What the contract says about a method and its signature does not. The Thrift compiler leaves it in the structs that carry
/// the messages, nested beside the interface: <c>InternalStructs.add_args</c>, and <c>add_result</c> with a property for the
/// result and one for each declared exception. A method without a result struct is oneway.
/// </summary>
internal static class ContractReader
{
    /// <summary>The class that holds the structs of messages.</summary>
    public const string Structs = "InternalStructs";
    private const string Async = "Async";

    public static (string Name, bool Oneway, EquatableArray<string>? Throws) Read(IMethodSymbol method)
        => StructsOf(method) is not { } message ? (method.Name, false, null)
            : message.Result is { } result ? (message.Name, false, DeclaredExceptions(result).Select(TypeText.InCodeOf).ToEquatableArray())
            : (message.Name, true, EquatableArray.ToEquatableArray<string>([]));

    /// <summary>The exceptions that the contract declares.</summary>
    public static IEnumerable<ITypeSymbol> ExceptionsOf(IMethodSymbol method)
        => StructsOf(method)?.Result is { } result ? DeclaredExceptions(result) : [];

    /// <summary>The method's name in the contract, and the struct of its result; null where there is no contract.</summary>
    private static (string Name, INamedTypeSymbol? Result)? StructsOf(IMethodSymbol method)
    {
        if (method.ContainingType.ContainingType?.GetTypeMembers(Structs, arity: 0).FirstOrDefault() is not { } structs)
        {
            return null;
        }

        // The option async_postfix adds "Async" to the method's name, not to those of its structs.
        var name = method.Name.EndsWith(Async, StringComparison.Ordinal) && StructOf(structs, method.Name, "_args") is null
            ? method.Name.Substring(0, method.Name.Length - Async.Length)
            : method.Name;
        return StructOf(structs, name, "_args") is null ? null : (name, StructOf(structs, name, "_result"));
    }

    private static INamedTypeSymbol? StructOf(INamedTypeSymbol structs, string method, string suffix)
        => structs.GetTypeMembers(method + suffix, arity: 0).FirstOrDefault();

    private static IEnumerable<ITypeSymbol> DeclaredExceptions(INamedTypeSymbol result)
        => result.GetMembers()
            .OfType<IPropertySymbol>()
            .Where(static property => TypeText.DerivesFrom(property.Type, RuntimeNames.ThriftException))
            .Select(static property => property.Type.WithNullableAnnotation(NullableAnnotation.None));
}
