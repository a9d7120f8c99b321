using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Analyzers;

/// <summary>The clients in one compilation: those of the Thrift compiler, and the guarded client of each.</summary>
internal sealed class Clients
{
    /// <summary>The name that the Thrift compiler gives its clients.</summary>
    public const string ThriftClientName = "Client";

    private const string GuardedSuffix = "CircuitBreakerClient";

    private readonly Compilation _compilation;
    private readonly Lazy<ImmutableArray<INamedTypeSymbol>> _guardedHere;
    private readonly ConcurrentDictionary<INamedTypeSymbol, INamedTypeSymbol?> _guards = new(SymbolEqualityComparer.Default);

    private Clients(Compilation compilation)
    {
        _compilation = compilation;
        _guardedHere = new(() => compilation
            .GetSymbolsWithName(static name => name.EndsWith(GuardedSuffix, StringComparison.Ordinal), SymbolFilter.Type)
            .OfType<INamedTypeSymbol>()
            .Where(IsGuarded)
            .OrderBy(TypeText.ReadableOf, StringComparer.Ordinal)
            .ToImmutableArray());
    }

    /// <summary>Creates an instance; null for a compilation without Thrift.</summary>
    public static Clients? Create(Compilation compilation)
        => compilation.GetTypeByMetadataName(RuntimeNames.ThriftClient) is null ? null : new Clients(compilation);

    /// <summary>Whether a type is a client of the Thrift compiler, bound to one connection.</summary>
    public static bool IsThriftClient(ITypeSymbol? type) => type is not null && TypeText.DerivesFrom(type, RuntimeNames.ThriftClient);

    /// <summary>Whether a type is a generated client, of this project or another.</summary>
    public static bool IsGuarded(ITypeSymbol? type)
        => type is INamedTypeSymbol { TypeKind: TypeKind.Class } client && client.Name.EndsWith(GuardedSuffix, StringComparison.Ordinal) && GeneratedCodeTool.HasGenerated(client);

    /// <summary>Gets the guarded client for a Thrift client; null if none is accessible.</summary>
    public INamedTypeSymbol? GetGuarded(INamedTypeSymbol thriftClient) => _guards.GetOrAdd(thriftClient, FindGuarded);

    /// <summary>Gets a client's name in messages.</summary>
    public static string Show(INamedTypeSymbol client)
        => client.ContainingType is { } service ? $"{service.Name}.{client.Name}" : client.Name;

    /// <summary>Whether a guarded client can open its own connections.</summary>
    public static bool Connects(INamedTypeSymbol guarded) => !guarded.GetMembers("Connect").IsEmpty;

    private INamedTypeSymbol? FindGuarded(INamedTypeSymbol thriftClient)
        => thriftClient is { Name: ThriftClientName, ContainingType: { } service } && IsThriftClient(thriftClient)
            ? service.GetTypeMembers(GuardedSuffix, arity: 0)
                .Concat(_guardedHere.Value)
                .Concat(BesideContract(service))
                .FirstOrDefault(guarded => IsGuarded(guarded) && Guards(guarded, service) && _compilation.IsSymbolAccessibleWithin(guarded, _compilation.Assembly))
            : null;

    /// <summary>
    /// Finds the client in the namespace of the contract, for an attribute on the assembly of this project or another.
    /// </summary>
    private ImmutableArray<INamedTypeSymbol> BesideContract(INamedTypeSymbol service)
        => service.ContainingNamespace is { IsGlobalNamespace: false } home
            ? _compilation.GetTypesByMetadataName($"{home.ToDisplayString()}.{service.Name}{GuardedSuffix}")
            : _compilation.GetTypesByMetadataName(service.Name + GuardedSuffix);

    private static bool Guards(INamedTypeSymbol guarded, INamedTypeSymbol service)
        => guarded.InstanceConstructors.Any(constructor =>
            constructor.Parameters.FirstOrDefault()?.Type.ContainingType is { } contract && SymbolEqualityComparer.Default.Equals(contract, service));
}
