using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Parsing;

namespace ThriftBreaker.Generator.Diagnostics;

/// <summary>What is wrong with the marks that stand on the assembly, in one file of it.</summary>
internal static class AssemblyMarkRules
{
    /// <summary>The marks that name no service. What is wrong with the services that are named is another matter.</summary>
    public static IEnumerable<MarkProblem> ProblemsIn(SyntaxTree file, IAssemblySymbol assembly)
        => Mark.Of(assembly, RuntimeNames.Attribute)
            .Select(static mark => (Mark: mark, Obstacle: Obstacle(mark), Rule: DiagnosticDescriptors.NoServiceNamed, Argument: MarkProblem.ServiceArgument))
            .Concat(Mark.Of(assembly, RuntimeNames.MethodAttribute).Select(static mark =>
                (Mark: mark, Obstacle: MethodMarkRules.PlaceObstacle(mark, isOnAssembly: true), Rule: DiagnosticDescriptors.MethodMarkNotApplied, Argument: MarkProblem.MethodArgument)))
            .Where(each => each.Obstacle is not null && each.Mark.File == file)
            .Select(static each => new MarkProblem(each.Rule, each.Mark, each.Argument, each.Obstacle!));

    private static string? Obstacle(Mark mark) => mark switch
    {
        { IsBroken: true } => null,
        { ServiceArgument: null } => "it stands on the assembly; name the service, [assembly: CircuitBreaker(typeof(MyService))]",
        { ServiceArgument: { IsNull: true } } => "null is no service; write typeof(…) of one",
        { ServiceArgument: { Value: ITypeSymbol type } } when NamedService.Of(mark) is null
            => $"'{type.ToDisplayString()}' is no class and no interface; name the service class that the Thrift compiler wrote, or an interface",
        _ => null,
    };
}
