using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// The Thrift client beside a service interface, where it can be made of a protocol and nothing else. The Thrift compiler's always can;
/// one that was written by hand may be anything.
/// </summary>
internal static class ThriftClientReader
{
    /// <summary>What the Thrift compiler calls it.</summary>
    public const string Client = "Client";

    public static INamedTypeSymbol? Of(INamedTypeSymbol serviceInterface, Compilation compilation)
        => serviceInterface.ContainingType?.GetTypeMembers(Client, arity: 0).FirstOrDefault(client =>
            TypeText.DerivesFrom(client, RuntimeNames.ThriftClient) &&
            client.AllInterfaces.Contains(serviceInterface, SymbolEqualityComparer.Default) &&
            compilation.IsSymbolAccessibleWithin(client, compilation.Assembly) &&
            CanBeMade(client, compilation));

    private static bool CanBeMade(INamedTypeSymbol client, Compilation compilation)
    {
        var constructors = client.InstanceConstructors
            .Where(constructor => TakesProtocol(constructor) && compilation.IsSymbolAccessibleWithin(constructor, compilation.Assembly))
            .ToArray();

        // With one parameter it is the better one; of several that want nothing else the compiler could not choose.
        var constructor = constructors.FirstOrDefault(static each => each.Parameters.Length == 1) ?? (constructors.Length == 1 ? constructors[0] : null);
        return constructor is not null && !client.IsAbstract &&
            !UserWarnings.IsObsolete(client) && !UserWarnings.IsObsolete(constructor) &&
            (SetsRequiredMembers(constructor) || !MembersOf(client).Any(IsRequired));
    }

    private static bool TakesProtocol(IMethodSymbol constructor)
        => constructor.Parameters.Length > 0 &&
            constructor.Parameters[0].RefKind == RefKind.None && TypeText.Is(constructor.Parameters[0].Type, RuntimeNames.ThriftProtocol) &&
            constructor.Parameters.Skip(1).All(static parameter => parameter.IsOptional || parameter.IsParams);

    private static bool SetsRequiredMembers(IMethodSymbol constructor)
        => constructor.GetAttributes().Any(static attribute => TypeText.Is(attribute.AttributeClass, "System.Diagnostics.CodeAnalysis.SetsRequiredMembersAttribute"));

    private static bool IsRequired(ISymbol member) => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true };

    private static IEnumerable<ISymbol> MembersOf(INamedTypeSymbol client)
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
