using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ThriftBreaker.Generator.Diagnostics;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// What a mark stands on: the service interface, where its client goes, and every reason why it may get none. Holds symbols,
/// and therefore lives no longer than the reading of one mark.
/// </summary>
internal sealed class MarkedService
{
    /// <summary>The names of a service interface inside a service class, in the order in which they are looked for.</summary>
    private static readonly string[] InterfaceNames = ["Iface", "IAsync", "ISync"];

    private readonly List<Problem> _problems = [];
    private readonly List<Problem> _remarks = [];

    private MarkedService(INamedTypeSymbol marked, IReadOnlyList<Mark> marks, IReadOnlyList<Mark> methodMarks, Compilation compilation)
    {
        Marked = marked;
        Compilation = compilation;
        Marks = marks;
        MethodMarks = methodMarks;
        Aliases = new ExternAliases(compilation);
    }

    /// <summary>The service class or the interface that is marked.</summary>
    public INamedTypeSymbol Marked { get; }

    /// <summary>Whether the marks are the assembly's, which name the service, and do not stand on it.</summary>
    public bool IsOnAssembly { get; private set; }

    public Compilation Compilation { get; }

    /// <summary>What the client cannot name.</summary>
    public ExternAliases Aliases { get; }

    /// <summary>The mark; more than one where a user's mistake has marked the service twice, and none where there are marks for methods only.</summary>
    public IReadOnlyList<Mark> Marks { get; }

    /// <summary>The mark that holds.</summary>
    public Mark? Mark => Marks.Count > 0 ? Marks[0] : null;

    /// <summary>The marks for single methods, whether there is such a method or not.</summary>
    public IReadOnlyList<Mark> MethodMarks { get; }

    /// <summary>The type to reopen and write the client into; null for a client in the namespace.</summary>
    public INamedTypeSymbol? Container { get; private set; }

    /// <summary>The type parameters that the client has, as its service has them.</summary>
    public IReadOnlyList<ITypeParameterSymbol> TypeParameters => TypeParameterReader.Of(Marked, Container);

    /// <summary>The interface that the client offers; null when the mark has none to offer.</summary>
    public INamedTypeSymbol? Interface { get; private set; }

    /// <summary>
    /// The interface of what the client wraps: an interface that adds nothing to the one that it derives from is a name to
    /// put the mark on, and what implements the other is to be wrapped.
    /// </summary>
    public INamedTypeSymbol? Inner { get; private set; }

    /// <summary>The client that <c>Connect</c> makes for each connection; null where there is none, and for any other interface.</summary>
    public INamedTypeSymbol? ThriftClient { get; private set; }

    /// <summary>Everything that the client has to implement, in the order of declaration, inherited members after the service's own.</summary>
    public IReadOnlyList<ISymbol> Members { get; private set; } = [];

    /// <summary>The methods among them that are calls to a server.</summary>
    public IReadOnlyList<IMethodSymbol> Methods { get; private set; } = [];

    public IReadOnlyList<Problem> Problems => _problems;

    /// <summary>What the user should know of a client that is written.</summary>
    public IReadOnlyList<Problem> Remarks => _problems.Count == 0 ? _remarks : [];

    /// <summary>Whether each method is to have a circuit of its own.</summary>
    public bool HasCircuitPerMethod => Mark?.Values.TryGetValue("Scope", out var scope) == true && scope is 1;

    public bool IsClass => Marked.TypeKind != TypeKind.Interface;

    /// <summary>The service's name: <c>MyService</c>, or <c>Orders</c> for <c>IOrders</c>.</summary>
    public string Name => ClientNames.Of(Marked);

    public static bool HasMarks(INamedTypeSymbol type)
        => type.GetAttributes().Any(static attribute =>
            TypeText.Is(attribute.AttributeClass, RuntimeNames.Attribute) || TypeText.Is(attribute.AttributeClass, RuntimeNames.MethodAttribute));

    /// <summary>Whether an interface inside a service class is called as the Thrift compiler calls it.</summary>
    public static bool IsNamedAsThriftNamesThem(INamedTypeSymbol type) => type.Arity == 0 && InterfaceNames.Contains(type.Name, StringComparer.Ordinal);

    /// <summary>A service that carries its marks.</summary>
    public static MarkedService Of(INamedTypeSymbol marked, Compilation compilation, CancellationToken cancellationToken)
    {
        var service = new MarkedService(
            marked, Parsing.Mark.Of(marked, RuntimeNames.Attribute), Parsing.Mark.Of(marked, RuntimeNames.MethodAttribute), compilation);
        if (service.IsClass)
        {
            service.FindInterfaceInClass();
            service.Reopen(cancellationToken);
        }
        else
        {
            service.TakeInterface();
            service.Container = ContainerOf(marked, cancellationToken);
        }

        service.CheckMarks();
        service.Complete(null, cancellationToken);
        return service;
    }

    /// <summary>A service that marks of the assembly name.</summary>
    /// <param name="marked">The service.</param>
    /// <param name="marks">Its marks, which say at most which of its interfaces is meant.</param>
    /// <param name="methodMarks">The marks for its methods.</param>
    /// <param name="namesake">The service of an earlier mark whose client has the name that this one's would have; null for none.</param>
    /// <param name="compilation">The assembly with the marks.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static MarkedService OnAssembly(
        INamedTypeSymbol marked,
        IReadOnlyList<Mark> marks,
        IReadOnlyList<Mark> methodMarks,
        INamedTypeSymbol? namesake,
        Compilation compilation,
        CancellationToken cancellationToken)
    {
        var service = new MarkedService(marked, marks, methodMarks, compilation) { IsOnAssembly = true };
        if (marks.Count > 0 && NamedService.InterfaceIn(marks[0]) is { } named)
        {
            service.Interface = service.Inner = named;
        }
        else if (service.IsClass)
        {
            service.FindInterfaceInClass();
        }
        else
        {
            service.TakeInterface();
        }

        service.CheckMarksOnAssembly();
        service.Complete(namesake, cancellationToken);
        return service;
    }

    /// <summary>The mark for the method of this name; null where there is none.</summary>
    public Mark? MarkOf(string method) => MethodMarks.FirstOrDefault(mark => mark.Method == method);

    /// <summary>The type and all that contain it, outermost first.</summary>
    public static IEnumerable<INamedTypeSymbol> WithContaining(INamedTypeSymbol type)
        => type.ContainingType is { } outer ? WithContaining(outer).Append(type) : [type];

    /// <summary>The type to reopen for the client of an interface; null where it goes into the namespace.</summary>
    public static INamedTypeSymbol? ContainerOf(INamedTypeSymbol markedInterface, CancellationToken cancellationToken)
        => markedInterface.ContainingType is { } outer && WithContaining(outer).All(type => IsPartial(type, cancellationToken) && !IsVariant(type)) ? outer : null;

    private void Complete(INamedTypeSymbol? namesake, CancellationToken cancellationToken)
    {
        ThriftClient = Inner is null ? null : ThriftClientReader.Of(Inner, Compilation);
        CheckReach(namesake, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        CollectMethods();
    }

    private void FindInterfaceInClass()
    {
        Interface = Inner = InterfaceIn(Marked);
        if (Interface is null)
        {
            _problems.Add(new Problem(
                DiagnosticDescriptors.NoServiceInterface,
                Marked,
                Marked.Name,
                "no nested interface Iface, IAsync or ISync was found in it; mark the partial class that the Thrift compiler wrote (same namespace, same name), or mark an interface"));
        }
    }

    private static INamedTypeSymbol? InterfaceIn(INamedTypeSymbol serviceClass)
        => InterfaceNames
            .SelectMany(name => serviceClass.GetTypeMembers(name, arity: 0))
            .FirstOrDefault(static type => type.TypeKind == TypeKind.Interface);

    private void Reopen(CancellationToken cancellationToken)
    {
        Container = Marked;
        foreach (var type in WithContaining(Marked).Where(type => !IsPartial(type, cancellationToken)))
        {
            _problems.Add(new Problem(DiagnosticDescriptors.NotPartial, type, type.Name, Marked.Name));
        }
    }

    private void TakeInterface()
    {
        Interface = Inner = Marked;
        if (Marked.GetMembers().IsEmpty && NearestBases(Marked) is { Length: 1 } bases && Aliases.Obstacle(bases) is null)
        {
            Inner = bases[0];
        }
    }

    /// <summary>The interfaces that it derives from, and not just by another one: a compiled interface lists them all.</summary>
    private static INamedTypeSymbol[] NearestBases(INamedTypeSymbol type)
        => [.. type.Interfaces.Where(each => !type.Interfaces.Any(other => other.AllInterfaces.Contains(each, SymbolEqualityComparer.Default)))];

    /// <summary>What is said of a service elsewhere, by the mark of an assembly or of the class around it, is not said on it again: which of the two would hold?</summary>
    private void CheckMarks()
    {
        if (Marked.ContainingType is { TypeKind: TypeKind.Class } outer && Parsing.Mark.Of(outer, RuntimeNames.Attribute).Count > 0 &&
            SymbolEqualityComparer.Default.Equals(InterfaceIn(outer), Marked))
        {
            _problems.Add(new Problem(
                DiagnosticDescriptors.MarkedTwice, Marked, Marked.Name, $"where '{outer.Name}' is declared; write all its settings in one mark")
            { Mark = Mark });
        }

        if (Mark is { IsBroken: false, ServiceArgument: not null } mark)
        {
            var problem = $"it stands on '{Marked.Name}', which is the service that it marks; leave its argument out, or write the mark on the assembly";
            _problems.Add(new Problem(DiagnosticDescriptors.NoServiceNamed, Marked, problem) { Mark = mark });
        }
    }

    private void CheckMarksOnAssembly()
    {
        var marksOfItsOwn = new[] { Marked, Interface }
            .Where(type => type is not null && SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, Compilation.Assembly))
            .FirstOrDefault(static type => Parsing.Mark.Of(type!, RuntimeNames.Attribute).Count > 0);
        if (marksOfItsOwn is not null)
        {
            _problems.Add(new Problem(
                DiagnosticDescriptors.MarkedTwice, Marked, Marked.Name, $"where '{marksOfItsOwn.Name}' is declared; write all its settings in one mark"));
        }
    }

    private void CheckReach(INamedTypeSymbol? namesake, CancellationToken cancellationToken)
    {
        if (Compilation is CSharpCompilation { LanguageVersion: < LanguageVersion.CSharp9 and var language })
        {
            _problems.Add(new Problem(DiagnosticDescriptors.OutOfReach, Marked, Marked.Name, $"its project is compiled as C# {language.ToDisplayString()}, and the client is C# 9; set <LangVersion> to 9.0 or later"));
        }

        if (ClientNames.Obstacle(this, namesake, cancellationToken) is { } nameIsTaken)
        {
            _problems.Add(new Problem(DiagnosticDescriptors.OutOfReach, Marked, Marked.Name, nameIsTaken));
        }

        if (Aliases.Obstacle(TypeParameters.SelectMany(static parameter => parameter.ConstraintTypes).Prepend(Interface ?? Marked)) is { } alias)
        {
            _problems.Add(new Problem(DiagnosticDescriptors.OutOfReach, Marked, Marked.Name, alias));
        }

        if (TypeParameterReader.Obstacle(this) is { } typeParameters)
        {
            _problems.Add(new Problem(DiagnosticDescriptors.OutOfReach, Marked, Marked.Name, typeParameters));
        }

        if (TypeText.NamedIn(Interface ?? Marked).Any(static type => type.IsFileLocal))
        {
            _problems.Add(new Problem(DiagnosticDescriptors.OutOfReach, Marked, Marked.Name, "it is local to its file; make it internal or public"));
        }
        else if (IsOnAssembly && Interface is not null && !Compilation.IsSymbolAccessibleWithin(Interface, Compilation.Assembly))
        {
            _problems.Add(new Problem(DiagnosticDescriptors.OutOfReach, Marked, Marked.Name, $"its interface '{Interface.Name}' cannot be seen from this project"));
        }
        else if (Container is null && AccessibilityText.Outside(Interface ?? Marked) is null)
        {
            _problems.Add(new Problem(DiagnosticDescriptors.OutOfReach, Marked, Marked.Name, "it cannot be seen outside the type that contains it; make it internal or public, or make the containing types partial"));
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
            .Where(member => MemberRules.Concerns(member, Interface))
            .ToArray();

        // What the compiler cannot make sense of, it says itself; the rest of the client is there all the same.
        Members = members.Where(static member => !SignatureTypes.AreBroken(member)).ToArray();
        foreach (var member in Members)
        {
            if (MemberRules.Obstacle(member, this) is { } obstacle)
            {
                _problems.Add(new Problem(DiagnosticDescriptors.MemberNotGuarded, Culprit(member), MemberRules.NameOf(member), obstacle));
            }
            else if (MemberRules.ReasonToForward(member) is { } reason)
            {
                _remarks.Add(new Problem(DiagnosticDescriptors.Forwarded, Culprit(member), MemberRules.NameOf(member), reason));
            }
        }

        Methods = Members.OfType<IMethodSymbol>().Where(static method => MemberRules.ReasonToForward(method) is null).ToArray();
        if (_problems.Count > 0 || Members.Count < members.Length)
        {
            return;
        }

        if (Methods.Count == 0)
        {
            _problems.Add(new Problem(
                DiagnosticDescriptors.NoServiceInterface,
                Marked,
                Marked.Name,
                Members.OfType<IMethodSymbol>().Any()
                    ? $"'{Interface.Name}' has only methods that are forwarded without a guard; there is nothing to guard"
                    : $"'{Interface.Name}' declares no method and inherits none; there is nothing to guard"));
        }
        else if (Methods.All(method => MarkOf(method.Name) is { Bypasses: true }))
        {
            _problems.Add(new Problem(
                DiagnosticDescriptors.NoServiceInterface, Marked, Marked.Name, "each of its methods is marked with Bypass; there is nothing to guard"));
        }
    }

    /// <summary>A member of another project is reported where this project says that it wants it.</summary>
    private ISymbol Culprit(ISymbol member)
        => SymbolEqualityComparer.Default.Equals(member.ContainingAssembly, Marked.ContainingAssembly) ? member : Marked;

    private static bool IsPartial(INamedTypeSymbol type, CancellationToken cancellationToken)
        => type.DeclaringSyntaxReferences.Any(part =>
            part.GetSyntax(cancellationToken) is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    /// <summary>C# lets no class be declared in an interface with a type parameter that is <c>in</c> or <c>out</c>.</summary>
    private static bool IsVariant(INamedTypeSymbol type) => type.TypeParameters.Any(static parameter => parameter.Variance != VarianceKind.None);
}
