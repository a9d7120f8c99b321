using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// Finds the Thrift client beside a service interface, if it can be created from a protocol alone. Clients of the
/// Thrift compiler can; handwritten ones can have any constructors.
/// </summary>
internal static class ThriftClientReader
{
    /// <summary>The name that the Thrift compiler gives it.</summary>
    private const string Client = "Client";

    public static INamedTypeSymbol? Find(INamedTypeSymbol serviceInterface, Compilation compilation)
        => serviceInterface.ContainingType?.GetTypeMembers(Client, arity: 0).FirstOrDefault(client =>
            TypeText.DerivesFrom(client, RuntimeNames.ThriftClient) &&
            client.AllInterfaces.Contains(serviceInterface, SymbolEqualityComparer.Default) &&
            compilation.IsSymbolAccessibleWithin(client, compilation.Assembly) &&
            CanBeCreated(client, compilation));

    private static bool CanBeCreated(INamedTypeSymbol client, Compilation compilation)
    {
        var constructors = client.InstanceConstructors
            .Where(constructor => TakesProtocol(constructor) && compilation.IsSymbolAccessibleWithin(constructor, compilation.Assembly))
            .ToArray();

        // The compiler prefers one parameter; of several with optional parameters it cannot choose.
        var constructor = constructors.FirstOrDefault(static each => each.Parameters.Length == 1) ?? (constructors.Length == 1 ? constructors[0] : null);
        return constructor is not null && !client.IsAbstract &&
            !UserWarnings.IsObsolete(client) && !UserWarnings.IsObsolete(constructor) &&
            (SetsRequiredMembers(constructor) || !GetMembers(client).Any(IsRequired));
    }

    private static bool TakesProtocol(IMethodSymbol constructor)
        => constructor.Parameters.Length > 0 &&
            constructor.Parameters[0].RefKind == RefKind.None && TypeText.Is(constructor.Parameters[0].Type, RuntimeNames.ThriftProtocol) &&
            constructor.Parameters.Skip(1).All(static parameter => parameter.IsOptional || parameter.IsParams);

    private static bool SetsRequiredMembers(IMethodSymbol constructor)
        => constructor.GetAttributes().Any(static attribute => TypeText.Is(attribute.AttributeClass, "System.Diagnostics.CodeAnalysis.SetsRequiredMembersAttribute"));

    private static bool IsRequired(ISymbol member) => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true };

    private static IEnumerable<ISymbol> GetMembers(INamedTypeSymbol client)
    {
        for (var type = client; type is not null; type = type.BaseType)
        {
            foreach (var member in type.GetMembers())
            {
                yield return member;
            }
        }
    }
}
