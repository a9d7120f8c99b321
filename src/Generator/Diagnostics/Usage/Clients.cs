using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Parsing;

namespace ThriftBreaker.Generator.Diagnostics.Usage;

/// <summary>Tells the clients in one compilation apart: those of the Thrift compiler, those of our generator, and which guards which.</summary>
internal sealed class Clients
{
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

    /// <summary>Null for a compilation that knows no Thrift: then there is nothing to look for.</summary>
    public static Clients? Of(Compilation compilation)
        => compilation.GetTypeByMetadataName(RuntimeNames.ThriftClient) is null ? null : new Clients(compilation);

    /// <summary>Whether the Thrift compiler wrote it: a client that is bound to one connection.</summary>
    public static bool IsThriftClient(ITypeSymbol? type) => type is not null && TypeText.DerivesFrom(type, RuntimeNames.ThriftClient);

    /// <summary>Whether our generator wrote it, in this project or another.</summary>
    public static bool IsGuarded(ITypeSymbol? type)
        => type is INamedTypeSymbol { TypeKind: TypeKind.Class } client && client.Name.EndsWith(GuardedSuffix, StringComparison.Ordinal) && WrittenByUs.Is(client);

    /// <summary>The guarded client of the service whose Thrift client this is; null where there is none that could be used here.</summary>
    public INamedTypeSymbol? GuardOf(INamedTypeSymbol thriftClient) => _guards.GetOrAdd(thriftClient, FindGuard);

    /// <summary>What is to be used in the place of a Thrift client.</summary>
    public static string Show(INamedTypeSymbol client)
        => client.ContainingType is { } service ? $"{service.Name}.{client.Name}" : client.Name;

    /// <summary>Whether a guarded client can open its connections itself.</summary>
    public static bool Connects(INamedTypeSymbol guarded) => !guarded.GetMembers("Connect").IsEmpty;

    private INamedTypeSymbol? FindGuard(INamedTypeSymbol thriftClient)
        => thriftClient is { Name: "Client", ContainingType: { } service } && IsThriftClient(thriftClient)
            ? service.GetTypeMembers(GuardedSuffix, arity: 0)
                .Concat(_guardedHere.Value)
                .Concat(BesideContract(service))
                .FirstOrDefault(guarded => IsGuarded(guarded) && Guards(guarded, service) && _compilation.IsSymbolAccessibleWithin(guarded, _compilation.Assembly))
            : null;

    /// <summary>Where a project that refers to the contract gets its client by a mark on the assembly; that project may be another one.</summary>
    private ImmutableArray<INamedTypeSymbol> BesideContract(INamedTypeSymbol service)
        => service.ContainingNamespace is { IsGlobalNamespace: false } home
            ? _compilation.GetTypesByMetadataName($"{home.ToDisplayString()}.{service.Name}{GuardedSuffix}")
            : _compilation.GetTypesByMetadataName(service.Name + GuardedSuffix);

    private static bool Guards(INamedTypeSymbol guarded, INamedTypeSymbol service)
        => guarded.InstanceConstructors.Any(constructor =>
            constructor.Parameters.FirstOrDefault()?.Type.ContainingType is { } contract && SymbolEqualityComparer.Default.Equals(contract, service));
}
