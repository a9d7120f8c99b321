using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// What the contract declares for a method beyond its signature. The Thrift compiler generates message structs beside
/// the interface: <c>InternalStructs.add_args</c>, and <c>add_result</c> with a property for the result and one for
/// each declared exception. A method without a result struct is oneway. Older compilers name them <c>addArgs</c> and
/// <c>addResult</c>, or do not nest them in a class.
/// </summary>
internal static class ContractReader
{
    /// <summary>The class with the message structs.</summary>
    private const string Structs = "InternalStructs";

    private const string Async = "Async";

    /// <summary>The suffixes of the structs after the method's name: of today's compiler, and up to 0.14.</summary>
    private static readonly (string Arguments, string Result)[] Suffixes = [("_args", "_result"), ("Args", "Result")];

    public static (string Name, bool Oneway, EquatableArray<string>? Throws) Read(IMethodSymbol method)
        => FindStructs(method) is not { } message ? (method.Name, false, null)
            : message.Result is { } result ? (message.Name, false, DeclaredExceptions(result).Select(TypeText.InCodeOf).ToEquatableArray())
            : (message.Name, true, EquatableArray.ToEquatableArray<string>([]));

    /// <summary>Gets the exceptions that the contract declares.</summary>
    public static IEnumerable<ITypeSymbol> GetExceptions(IMethodSymbol method)
        => FindStructs(method)?.Result is { } result ? DeclaredExceptions(result) : [];

    /// <summary>Gets the method's name in the contract and its result struct; null without a contract.</summary>
    private static (string Name, INamedTypeSymbol? Result)? FindStructs(IMethodSymbol method)
    {
        if (method.ContainingType.ContainingType is not { } service)
        {
            return null;
        }

        // The compiler option async_postfix adds "Async" to the method's name, but not to the names of its structs.
        string[] names = method.Name.EndsWith(Async, StringComparison.Ordinal)
            ? [method.Name, method.Name.Substring(0, method.Name.Length - Async.Length)]
            : [method.Name];
        foreach (var name in names)
        {
            foreach (var (arguments, result) in Suffixes)
            {
                if (FindStruct(service, name + arguments) is { } message)
                {
                    return (name, message.ContainingType.GetTypeMembers(name + result, arity: 0).FirstOrDefault());
                }
            }
        }

        return null;
    }

    /// <summary>Other classes beside the interface can have such a name; a message is a <c>TBase</c>.</summary>
    private static INamedTypeSymbol? FindStruct(INamedTypeSymbol service, string name)
        => service.GetTypeMembers(Structs, arity: 0).FirstOrDefault()?.GetTypeMembers(name, arity: 0).FirstOrDefault() ??
            service.GetTypeMembers(name, arity: 0).FirstOrDefault(static type => type.AllInterfaces.Any(static each => TypeText.Is(each, RuntimeNames.ThriftMessage)));

    private static IEnumerable<ITypeSymbol> DeclaredExceptions(INamedTypeSymbol result)
        => result.GetMembers()
            .OfType<IPropertySymbol>()
            .Where(static property => TypeText.DerivesFrom(property.Type, RuntimeNames.ThriftException))
            .Select(static property => property.Type.WithNullableAnnotation(NullableAnnotation.None));
}
