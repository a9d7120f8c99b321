using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ThriftBreaker.Generator.Diagnostics.Usage;

/// <summary>A Thrift client that is registered as a singleton in the container of Microsoft.Extensions.DependencyInjection.</summary>
internal static class SingletonClient
{
    private static readonly string[] Methods = ["AddSingleton", "TryAddSingleton", "AddKeyedSingleton", "TryAddKeyedSingleton"];

    /// <summary>The client; null for any other call.</summary>
    public static INamedTypeSymbol? RegisteredBy(IInvocationOperation invocation)
        => Methods.Contains(invocation.TargetMethod.Name, StringComparer.Ordinal) && IsOfTheContainer(invocation.TargetMethod.ContainingType)
            ? invocation.TargetMethod.TypeArguments
                .Concat(invocation.Arguments.SelectMany(static argument => Offered(argument.Value)))
                .OfType<INamedTypeSymbol>()
                .FirstOrDefault(Clients.IsThriftClient)
            : null;

    private static bool IsOfTheContainer(INamedTypeSymbol type)
        => type.Name.StartsWith("ServiceCollection", StringComparison.Ordinal) &&
            type.ContainingNamespace.ToDisplayString().StartsWith("Microsoft.Extensions.DependencyInjection", StringComparison.Ordinal);

    /// <summary>What an argument brings into the container: an object, a <c>typeof(…)</c>, or what a factory returns.</summary>
    private static IEnumerable<ITypeSymbol?> Offered(IOperation argument) => KnownValue.Bare(argument) switch
    {
        ITypeOfOperation named => [named.TypeOperand],
        IDelegateCreationOperation { Target: IAnonymousFunctionOperation factory } => factory.Body.Descendants()
            .OfType<IReturnOperation>()
            .Where(result => result.ReturnedValue is not null && Functions.Around(result) == factory)
            .Select(static result => KnownValue.TypeOf(result.ReturnedValue!)),
        var value => [KnownValue.TypeOf(value)],
    };
}
