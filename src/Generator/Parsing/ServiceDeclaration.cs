using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// A service as it is declared: its attributes, its interface and members, and the place of its client. Holds symbols,
/// and therefore lives no longer than one parse. <see cref="ServiceValidator"/> says why a service gets no client.
/// </summary>
internal sealed class ServiceDeclaration
{
    private ServiceDeclaration(
        INamedTypeSymbol type, IReadOnlyList<ServiceAttribute> attributes, IReadOnlyList<ServiceAttribute> methodAttributes, Compilation compilation)
    {
        Type = type;
        Compilation = compilation;
        Attributes = attributes;
        MethodAttributes = methodAttributes;
        Aliases = new ExternAliases(compilation);
        Interface = IsClass ? ServiceInterface.FindIn(type) : type;
        Inner = IsClass ? Interface : ServiceInterface.GetInner(type, Aliases);
    }

    /// <summary>The service class or the interface that the attributes apply to.</summary>
    public INamedTypeSymbol Type { get; }

    /// <summary>Whether the attributes are on the assembly and specify the service.</summary>
    public bool IsOnAssembly { get; private set; }

    public Compilation Compilation { get; }

    /// <summary>The references whose types generated code cannot name.</summary>
    public ExternAliases Aliases { get; }

    /// <summary>
    /// The attributes for the service: several are an error, and none means that only methods have attributes.
    /// </summary>
    public IReadOnlyList<ServiceAttribute> Attributes { get; }

    /// <summary>The attribute that applies, the first one.</summary>
    public ServiceAttribute? Attribute => Attributes.Count > 0 ? Attributes[0] : null;

    /// <summary>The attributes for single methods, whether the method exists or not.</summary>
    public IReadOnlyList<ServiceAttribute> MethodAttributes { get; }

    /// <summary>
    /// The service of an earlier attribute on the assembly whose client has the same name; null for none.
    /// </summary>
    public INamedTypeSymbol? Namesake { get; private set; }

    /// <summary>The partial type that contains the client; null for a client in the namespace.</summary>
    public INamedTypeSymbol? Container { get; private set; }

    /// <summary>The type parameters of the client, equal to those of its service.</summary>
    public IReadOnlyList<ITypeParameterSymbol> TypeParameters => TypeParameterReader.Get(Type, Container);

    /// <summary>The interface that the client implements; null if the service has none.</summary>
    public INamedTypeSymbol? Interface { get; private set; }

    /// <summary>
    /// The interface of what the client wraps. An interface without own members only renames its base, so that it can
    /// carry the attribute: the client wraps implementations of the base.
    /// </summary>
    public INamedTypeSymbol? Inner { get; private set; }

    /// <summary>The client that <c>Connect</c> creates for each connection; null if there is none.</summary>
    public INamedTypeSymbol? ThriftClient { get; private set; }

    /// <summary>
    /// The members that the client implements, in declaration order, inherited members last. Members with errors are
    /// left out.
    /// </summary>
    public IReadOnlyList<ISymbol> Members { get; private set; } = [];

    /// <summary>Whether a member is left out because the compiler reports an error in it.</summary>
    public bool HasBrokenMembers { get; private set; }

    /// <summary>The members that the circuit breaker protects: the calls to a server.</summary>
    public IReadOnlyList<IMethodSymbol> Methods { get; private set; } = [];

    /// <summary>Whether each method has its own circuit breaker.</summary>
    public bool HasCircuitPerMethod => Attribute?.Values.TryGetValue("Scope", out var scope) == true && scope is 1;

    public bool IsClass => Type.TypeKind != TypeKind.Interface;

    /// <summary>The service's name: <c>MyService</c>, or <c>Orders</c> for <c>IOrders</c>.</summary>
    public string Name => ClientNames.GetServiceName(Type);

    /// <summary>Reads a service that carries its attributes.</summary>
    public static ServiceDeclaration FromType(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellationToken)
    {
        var service = new ServiceDeclaration(
            type, ServiceAttribute.GetAll(type, RuntimeNames.Attribute), ServiceAttribute.GetAll(type, RuntimeNames.MethodAttribute), compilation);
        service.Container = service.IsClass ? type : ClientContainer.Find(type, cancellationToken);
        return service.Complete(cancellationToken);
    }

    /// <summary>Reads a service that attributes on the assembly specify.</summary>
    /// <param name="type">The service.</param>
    /// <param name="attributes">Its attributes, of which the first can specify one of its interfaces.</param>
    /// <param name="methodAttributes">The attributes for its methods.</param>
    /// <param name="namesake">
    /// The service of an earlier attribute whose client has the same name; null for none.
    /// </param>
    /// <param name="compilation">The assembly with the attributes.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static ServiceDeclaration FromAssembly(
        INamedTypeSymbol type,
        IReadOnlyList<ServiceAttribute> attributes,
        IReadOnlyList<ServiceAttribute> methodAttributes,
        INamedTypeSymbol? namesake,
        Compilation compilation,
        CancellationToken cancellationToken)
    {
        var service = new ServiceDeclaration(type, attributes, methodAttributes, compilation) { IsOnAssembly = true, Namesake = namesake };
        if (attributes.Count > 0 && NamedService.GetInterface(attributes[0]) is { } specified)
        {
            service.Interface = service.Inner = specified;
        }

        return service.Complete(cancellationToken);
    }

    /// <summary>Gets the attribute for the method of this name; null without one.</summary>
    public ServiceAttribute? GetAttribute(string method) => MethodAttributes.FirstOrDefault(attribute => attribute.Method == method);

    private ServiceDeclaration Complete(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThriftClient = Inner is null ? null : ThriftClientReader.Find(Inner, Compilation);
        if (Interface is not null)
        {
            var members = ServiceMember.GetAll(Interface).ToArray();

            // The compiler reports types that do not exist; the rest of the client is generated.
            Members = members.Where(static member => !SignatureTypes.AreBroken(member)).ToArray();
            HasBrokenMembers = Members.Count < members.Length;
            Methods = Members.OfType<IMethodSymbol>().Where(static method => ServiceMember.GetReasonToForward(method) is null).ToArray();
        }

        return this;
    }
}
