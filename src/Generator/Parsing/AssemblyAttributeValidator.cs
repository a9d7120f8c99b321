using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Diagnostics;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// Attributes on the assembly that specify no service. <see cref="ServiceValidator"/> validates the services that are
/// specified.
/// </summary>
internal static class AssemblyAttributeValidator
{
    /// <summary>Gets the errors in one file.</summary>
    public static IEnumerable<ServiceDiagnostic> Validate(SyntaxTree file, IAssemblySymbol assembly)
        => ServiceAttribute.GetAll(assembly, RuntimeNames.Attribute)
            .Select(static attribute =>
                (attribute, Obstacle: Obstacle(attribute), Rule: DiagnosticDescriptors.NoServiceSpecified, Argument: ServiceDiagnostic.ServiceArgument))
            .Concat(ServiceAttribute.GetAll(assembly, RuntimeNames.MethodAttribute).Select(static attribute =>
                (attribute, Obstacle: MethodAttributeValidator.TargetObstacle(attribute, isOnAssembly: true), Rule: DiagnosticDescriptors.MethodAttributeNotApplied, Argument: ServiceDiagnostic.MethodArgument)))
            .Where(each => each.Obstacle is not null && each.attribute.File == file)
            .Select(static each => ServiceDiagnostic.On(each.attribute.Data, each.Argument, each.Rule, each.Obstacle!));

    private static string? Obstacle(ServiceAttribute attribute) => attribute switch
    {
        { IsBroken: true } => null,
        { ServiceArgument: null } => "it is applied to the assembly; specify the service, [assembly: CircuitBreaker(typeof(MyService))]",
        { ServiceArgument: { IsNull: true } } => "null is not a service; write typeof(…) of one",
        { ServiceArgument: { Value: ITypeSymbol type } } when NamedService.Get(attribute) is null
            => $"'{type.ToDisplayString()}' is neither a class nor an interface; specify the service class that the Thrift compiler generated, or an interface",
        _ => null,
    };
}
