using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ThriftBreaker.Generator.Diagnostics;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// Why a service gets no client, and what the circuit breaker of a client does not protect or observe.
/// </summary>
internal static class ServiceValidator
{
    /// <summary>Gets the errors; without errors, the info diagnostics of the client.</summary>
    public static IReadOnlyList<ServiceDiagnostic> Validate(ServiceDeclaration service, CancellationToken cancellationToken)
        => GetErrors(service, cancellationToken) is { Count: > 0 } errors ? errors : [.. GetInfos(service)];

    /// <summary>Gets the errors, each of which prevents the client.</summary>
    public static IReadOnlyList<ServiceDiagnostic> GetErrors(ServiceDeclaration service, CancellationToken cancellationToken)
    {
        ServiceDiagnostic[] errors =
        [
            .. GetInterfaceErrors(service),
            .. GetContainerErrors(service, cancellationToken),
            .. GetDuplicateErrors(service),
            .. GetClientErrors(service, cancellationToken),
            .. GetMemberErrors(service),
        ];
        cancellationToken.ThrowIfCancellationRequested();
        return errors.Length > 0 ? errors
            : GetEmptinessReason(service) is { } reason ? [Report(service, DiagnosticDescriptors.NoServiceInterface, reason)]
            : [];
    }

    private static IEnumerable<ServiceDiagnostic> GetInterfaceErrors(ServiceDeclaration service)
        => service.Interface is null
            ? [Report(service, DiagnosticDescriptors.NoServiceInterface, "no nested interface Iface, IAsync or ISync was found in it; mark the partial class that the Thrift compiler generated (same namespace, same name), or mark an interface")]
            : [];

    private static IEnumerable<ServiceDiagnostic> GetContainerErrors(ServiceDeclaration service, CancellationToken cancellationToken)
        => service is { IsClass: true, IsOnAssembly: false }
            ? TypeWalk.WithContaining(service.Type)
                .Where(type => !ClientContainer.IsPartial(type, cancellationToken))
                .Select(type => ServiceDiagnostic.On(type, DiagnosticDescriptors.NotPartial, type.Name, service.Type.Name))
            : [];

    /// <summary>
    /// Attributes in two places are an error, because either of them could apply: on the type, around it, or on the
    /// assembly.
    /// </summary>
    private static IEnumerable<ServiceDiagnostic> GetDuplicateErrors(ServiceDeclaration service)
    {
        if (service.IsOnAssembly)
        {
            var declaration = new[] { service.Type, service.Interface }
                .Where(type => type is not null && SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, service.Compilation.Assembly))
                .FirstOrDefault(static type => ServiceAttribute.GetAll(type!, RuntimeNames.Attribute).Count > 0);
            if (declaration is not null)
            {
                yield return Report(service, DiagnosticDescriptors.DuplicateAttribute, DeclaredElsewhere(declaration));
            }

            yield break;
        }

        if (service.Type.ContainingType is { TypeKind: TypeKind.Class } outer && ServiceAttribute.GetAll(outer, RuntimeNames.Attribute).Count > 0 &&
            SymbolEqualityComparer.Default.Equals(ServiceInterface.FindIn(outer), service.Type))
        {
            yield return service.Attribute is { } duplicate
                ? ServiceDiagnostic.On(duplicate.Data, ServiceDiagnostic.ServiceArgument, DiagnosticDescriptors.DuplicateAttribute, service.Type.Name, DeclaredElsewhere(outer))
                : Report(service, DiagnosticDescriptors.DuplicateAttribute, DeclaredElsewhere(outer));
        }

        if (service.Attribute is { IsBroken: false, ServiceArgument: not null } attribute)
        {
            yield return ServiceDiagnostic.On(
                attribute.Data,
                ServiceDiagnostic.ServiceArgument,
                DiagnosticDescriptors.NoServiceSpecified,
                $"it is applied to '{service.Type.Name}', which is the service already; remove its argument, or apply the attribute to the assembly");
        }
    }

    private static string DeclaredElsewhere(INamedTypeSymbol type) => $"where '{type.Name}' is declared; write all its settings in one attribute";

    private static IEnumerable<ServiceDiagnostic> GetClientErrors(ServiceDeclaration service, CancellationToken cancellationToken)
        => new[]
        {
            GetLanguageObstacle(service.Compilation),
            ClientNames.Obstacle(service, cancellationToken),
            service.Aliases.Obstacle(service.TypeParameters.SelectMany(static parameter => parameter.ConstraintTypes).Prepend(service.Interface ?? service.Type)),
            TypeParameterReader.Obstacle(service),
            GetAccessObstacle(service),
        }
            .OfType<string>()
            .Select(obstacle => Report(service, DiagnosticDescriptors.ClientNotGenerated, obstacle));

    private static string? GetLanguageObstacle(Compilation compilation)
        => compilation is CSharpCompilation { LanguageVersion: < LanguageVersion.CSharp9 and var language }
            ? $"its project is compiled as C# {language.ToDisplayString()}, and the client is C# 9; set <LangVersion> to 9.0 or later"
            : null;

    private static string? GetAccessObstacle(ServiceDeclaration service)
        => TypeText.NamedIn(service.Interface ?? service.Type).Any(static type => type.IsFileLocal)
            ? "it is local to its file; make it internal or public"
            : service is { IsOnAssembly: true, Interface: { } offered } && !service.Compilation.IsSymbolAccessibleWithin(offered, service.Compilation.Assembly)
                ? $"its interface '{offered.Name}' cannot be seen from this project"
                : service.Container is null && AccessibilityText.Outside(service.Interface ?? service.Type) is null
                    ? "it cannot be seen outside the type that contains it; make it internal or public, or make the containing types partial"
                    : null;

    private static IEnumerable<ServiceDiagnostic> GetMemberErrors(ServiceDeclaration service)
        => from member in service.Members
           let obstacle = MemberValidator.Obstacle(member, service)
           where obstacle is not null
           select Report(service, member, DiagnosticDescriptors.MemberNotSupported, obstacle);

    /// <summary>
    /// A service with errors in its own code is no mistake about the circuit breaker, however few of its members are
    /// left.
    /// </summary>
    private static string? GetEmptinessReason(ServiceDeclaration service)
        => service is not { Interface: { } offered, HasBrokenMembers: false } ? null
            : service.Methods.Count == 0 ? service.Members.OfType<IMethodSymbol>().Any()
                ? $"'{offered.Name}' has only methods that are forwarded without a circuit breaker; there is nothing to guard"
                : $"'{offered.Name}' declares no method and inherits none; there is nothing to guard"
            : service.Methods.All(method => service.GetAttribute(method.Name) is { Bypasses: true }) ? "each of its methods is marked with Bypass; there is nothing to guard"
            : null;

    private static IEnumerable<ServiceDiagnostic> GetInfos(ServiceDeclaration service)
    {
        foreach (var member in service.Members)
        {
            if (ServiceMember.GetReasonToForward(member) is { } reason)
            {
                yield return Report(service, member, DiagnosticDescriptors.MemberNotProtected, reason);
            }
            else if (member is IMethodSymbol method && service.GetAttribute(method.Name) is not { Bypasses: true })
            {
                if (CallObservation.GetUnobservedTokens(method) is { } tokens)
                {
                    yield return Report(service, member, DiagnosticDescriptors.TokenNotObserved, tokens);
                }

                if (CallObservation.GetUnobservedResult(method, service) is { } result)
                {
                    yield return Report(service, member, DiagnosticDescriptors.ResultNotObserved, result);
                }
            }
        }
    }

    /// <summary>Members of another project are reported at the service of this project.</summary>
    private static ServiceDiagnostic Report(ServiceDeclaration service, ISymbol member, DiagnosticDescriptor rule, string reason)
        => Report(
            service,
            rule,
            SymbolEqualityComparer.Default.Equals(member.ContainingAssembly, service.Type.ContainingAssembly) ? member : service.Type,
            ServiceMember.GetName(member),
            reason);

    private static ServiceDiagnostic Report(ServiceDeclaration service, DiagnosticDescriptor rule, string reason)
        => Report(service, rule, service.Type, service.Type.Name, reason);

    /// <summary>A service that an attribute on the assembly specifies is reported at that attribute.</summary>
    private static ServiceDiagnostic Report(ServiceDeclaration service, DiagnosticDescriptor rule, ISymbol symbol, params object[] arguments)
        => service is { IsOnAssembly: true, Attribute: { } attribute }
            ? ServiceDiagnostic.On(attribute.Data, ServiceDiagnostic.ServiceArgument, rule, arguments)
            : ServiceDiagnostic.On(symbol, rule, arguments);
}
