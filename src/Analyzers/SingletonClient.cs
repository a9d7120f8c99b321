using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ThriftBreaker.Analyzers;

/// <summary>A Thrift client that is registered as a singleton with Microsoft.Extensions.DependencyInjection.</summary>
internal static class SingletonClient
{
    private static readonly string[] Methods = ["AddSingleton", "TryAddSingleton", "AddKeyedSingleton", "TryAddKeyedSingleton"];

    /// <summary>Gets the client; null for any other call.</summary>
    public static INamedTypeSymbol? GetRegistered(IInvocationOperation invocation)
        => Methods.Contains(invocation.TargetMethod.Name, StringComparer.Ordinal) && IsOfTheContainer(invocation.TargetMethod.ContainingType)
            ? invocation.TargetMethod.TypeArguments
                .Concat(invocation.Arguments.SelectMany(static argument => GetServiceTypes(argument.Value)))
                .OfType<INamedTypeSymbol>()
                .FirstOrDefault(Clients.IsThriftClient)
            : null;

    private static bool IsOfTheContainer(INamedTypeSymbol type)
        => type.Name.StartsWith("ServiceCollection", StringComparison.Ordinal) &&
            type.ContainingNamespace.ToDisplayString().StartsWith("Microsoft.Extensions.DependencyInjection", StringComparison.Ordinal);

    /// <summary>
    /// Gets the types that an argument registers: of an object, a <c>typeof(…)</c>, or the result of a factory.
    /// </summary>
    private static IEnumerable<ITypeSymbol?> GetServiceTypes(IOperation argument) => KnownValue.Bare(argument) switch
    {
        ITypeOfOperation named => [named.TypeOperand],
        IDelegateCreationOperation { Target: IAnonymousFunctionOperation factory } => factory.Body.Descendants()
            .OfType<IReturnOperation>()
            .Where(result => result.ReturnedValue is not null && FunctionScope.Around(result) == factory)
            .Select(static result => KnownValue.TypeOf(result.ReturnedValue!)),
        var value => [KnownValue.TypeOf(value)],
    };
}
