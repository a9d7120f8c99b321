using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Model;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// What the contract says about a method and its signature does not. The Thrift compiler leaves it in the structs that carry
/// the messages, nested beside the interface: <c>InternalStructs.add_args</c>, and <c>add_result</c> with a property for the
/// result and one for each declared exception. A method without a result struct is oneway. Older compilers called them <c>addArgs</c> and
/// <c>addResult</c>, or put them beside the interface without a class around them.
/// </summary>
internal static class ContractReader
{
    /// <summary>The class that holds the structs of messages.</summary>
    public const string Structs = "InternalStructs";

    private const string Async = "Async";
    private const string Result = "_result";
    private const string OldResult = "Result";

    /// <summary>What follows a method's name in those of its structs: as it is written today, and up to 0.14.</summary>
    private static readonly (string Arguments, string Result)[] Suffixes = [("_args", Result), ("Args", OldResult)];

    /// <summary>Whether a class may be the struct of a result.</summary>
    public static bool IsNamedLikeAResult(string name) => name.EndsWith(Result, StringComparison.Ordinal) || name.EndsWith(OldResult, StringComparison.Ordinal);

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
        if (method.ContainingType.ContainingType is not { } service)
        {
            return null;
        }

        // The option async_postfix, which old compilers did not ask for, adds "Async" to the method's name, not to those of its structs.
        string[] names = method.Name.EndsWith(Async, StringComparison.Ordinal)
            ? [method.Name, method.Name.Substring(0, method.Name.Length - Async.Length)]
            : [method.Name];
        foreach (var name in names)
        {
            foreach (var (arguments, result) in Suffixes)
            {
                if (StructOf(service, name + arguments) is { } message)
                {
                    return (name, message.ContainingType.GetTypeMembers(name + result, arity: 0).FirstOrDefault());
                }
            }
        }

        return null;
    }

    /// <summary>Beside the interface itself there may be other classes of such a name; a message is a <c>TBase</c>.</summary>
    private static INamedTypeSymbol? StructOf(INamedTypeSymbol service, string name)
        => service.GetTypeMembers(Structs, arity: 0).FirstOrDefault()?.GetTypeMembers(name, arity: 0).FirstOrDefault() ??
            service.GetTypeMembers(name, arity: 0).FirstOrDefault(static type => type.AllInterfaces.Any(static each => TypeText.Is(each, RuntimeNames.ThriftMessage)));

    private static IEnumerable<ITypeSymbol> DeclaredExceptions(INamedTypeSymbol result)
        => result.GetMembers()
            .OfType<IPropertySymbol>()
            .Where(static property => TypeText.DerivesFrom(property.Type, RuntimeNames.ThriftException))
            .Select(static property => property.Type.WithNullableAnnotation(NullableAnnotation.None));
}
