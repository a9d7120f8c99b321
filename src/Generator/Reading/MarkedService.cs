using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ThriftBreaker.Generator.Rules;

namespace ThriftBreaker.Generator.Reading;

/// <summary>
/// What a mark stands on: the service interface, where its client goes, and every reason why it may get none. Holds symbols,
/// and therefore lives no longer than the reading of one mark.
/// </summary>
internal sealed class MarkedService
{
    /// <summary>The names of a service interface inside a service class, in the order in which they are looked for.</summary>
    private static readonly string[] InterfaceNames = ["Iface", "IAsync", "ISync"];

    private readonly List<Problem> _problems = [];

    private MarkedService(INamedTypeSymbol marked) => Marked = marked;

    public INamedTypeSymbol Marked { get; }

    /// <summary>The type to reopen and write the client into; null for a client beside the marked interface.</summary>
    public INamedTypeSymbol? Container { get; private set; }

    /// <summary>The interface that the client offers; null when the mark has none to offer.</summary>
    public INamedTypeSymbol? Interface { get; private set; }

    /// <summary>
    /// The interface of what the client wraps: an interface that adds nothing to the one that it derives from is a name to
    /// put the mark on, and what implements the other is to be wrapped.
    /// </summary>
    public INamedTypeSymbol? Inner { get; private set; }

    /// <summary>The client that the Thrift compiler wrote for the service; null for any other interface.</summary>
    public INamedTypeSymbol? ThriftClient { get; private set; }

    /// <summary>The methods to guard.</summary>
    public IReadOnlyList<IMethodSymbol> Methods { get; private set; } = [];

    public IReadOnlyList<Problem> Problems => _problems;

    public bool IsClass => Marked.TypeKind != TypeKind.Interface;

    /// <summary>The service's name: <c>MyService</c>, or <c>Orders</c> for <c>IOrders</c>.</summary>
    public string Name => !IsClass && Marked.Name.Length > 1 && Marked.Name[0] == 'I' && char.IsUpper(Marked.Name[1])
        ? Marked.Name.Substring(1)
        : Marked.Name;

    public static MarkedService Of(INamedTypeSymbol marked, Compilation compilation, CancellationToken cancellationToken)
    {
        var service = new MarkedService(marked);
        if (service.IsClass)
        {
            service.FindInterfaceInClass(cancellationToken);
        }
        else
        {
            service.TakeInterface(cancellationToken);
        }

        service.CheckReach();
        cancellationToken.ThrowIfCancellationRequested();
        service.CollectMethods();
        service.FindThriftClient(compilation);
        return service;
    }

    /// <summary>The type and all that contain it, outermost first.</summary>
    public static IEnumerable<INamedTypeSymbol> WithContaining(INamedTypeSymbol type)
        => type.ContainingType is { } outer ? WithContaining(outer).Append(type) : [type];

    private void FindInterfaceInClass(CancellationToken cancellationToken)
    {
        Container = Marked;
        Interface = Inner = InterfaceNames
            .SelectMany(name => Marked.GetTypeMembers(name, arity: 0))
            .FirstOrDefault(static type => type.TypeKind == TypeKind.Interface);

        if (Interface is null)
        {
            _problems.Add(new Problem(
                Diagnostics.NoServiceInterface,
                Marked,
                Marked.Name,
                "no nested interface Iface, IAsync or ISync was found in it; mark the partial class that the Thrift compiler wrote (same namespace, same name), or mark an interface"));
        }

        foreach (var type in WithContaining(Marked).Where(type => !IsPartial(type, cancellationToken)))
        {
            _problems.Add(new Problem(Diagnostics.NotPartial, type, type.Name, Marked.Name));
        }
    }

    private void TakeInterface(CancellationToken cancellationToken)
    {
        Interface = Inner = Marked;
        if (Marked.Interfaces.Length == 1 && Marked.GetMembers().IsEmpty)
        {
            Inner = Marked.Interfaces[0];
        }

        if (Marked.ContainingType is { } outer && WithContaining(outer).All(type => IsPartial(type, cancellationToken)))
        {
            Container = outer;
        }
    }

    private void CheckReach()
    {
        if (WithContaining(Marked).Any(static type => type.Arity > 0))
        {
            _problems.Add(new Problem(Diagnostics.OutOfReach, Marked, Marked.Name, "generic services are not supported; mark an interface that closes the type parameters"));
        }

        if (WithContaining(Marked).Any(static type => type.IsFileLocal))
        {
            _problems.Add(new Problem(Diagnostics.OutOfReach, Marked, Marked.Name, "it is local to its file; make it internal or public"));
        }
        else if (Container is null && AccessibilityText.Outside(Marked) is null)
        {
            _problems.Add(new Problem(Diagnostics.OutOfReach, Marked, Marked.Name, "it cannot be seen outside the type that contains it; make it internal or public, or make the containing types partial"));
        }
    }

    private void CollectMethods()
    {
        if (Interface is null)
        {
            return;
        }

        var members = new[] { Interface }
            .Concat(Interface.AllInterfaces)
            .Where(static type => !TypeText.Is(type, "System.IDisposable") && !TypeText.Is(type, "System.IAsyncDisposable"))
            .SelectMany(static type => type.GetMembers())
            .Where(MemberRules.Concerns)
            .ToArray();

        foreach (var member in members)
        {
            if (MemberRules.Obstacle(member) is { } obstacle)
            {
                var culprit = SymbolEqualityComparer.Default.Equals(member.ContainingAssembly, Marked.ContainingAssembly) ? member : Marked;
                _problems.Add(new Problem(Diagnostics.MemberNotGuarded, culprit, $"{member.ContainingType.Name}.{member.Name}", obstacle));
            }
        }

        Methods = members.OfType<IMethodSymbol>().ToArray();
        if (Methods.Count == 0 && _problems.Count == 0)
        {
            _problems.Add(new Problem(
                Diagnostics.NoServiceInterface, Marked, Marked.Name, $"'{Interface.Name}' declares no method and inherits none; there is nothing to guard"));
        }
    }

    private void FindThriftClient(Compilation compilation)
        => ThriftClient = Inner?.ContainingType?.GetTypeMembers("Client", arity: 0).FirstOrDefault(client =>
            TypeText.DerivesFrom(client, RuntimeNames.ThriftClient) &&
            client.AllInterfaces.Contains(Inner, SymbolEqualityComparer.Default) &&
            compilation.IsSymbolAccessibleWithin(client, compilation.Assembly));

    private static bool IsPartial(INamedTypeSymbol type, CancellationToken cancellationToken)
        => type.DeclaringSyntaxReferences.Any(part =>
            part.GetSyntax(cancellationToken) is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));
}
