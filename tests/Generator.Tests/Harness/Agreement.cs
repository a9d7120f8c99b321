using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ThriftBreaker.Generator.Parsing;

namespace ThriftBreaker.Generator.Tests.Harness;

/// <summary>A marked service gets a client or a reason, never both and never neither.</summary>
internal static class Agreement
{
    /// <summary>A mistake in the arguments of a mark leaves the client as it is, so that one mistake is not reported as a hundred; a remark is no mistake.</summary>
    private static readonly string[] BesideAClient = ["TB0001", "TB0006", "TB0007", "TB0008", "TB0009"];

    public static void OfGeneratorAndAnalyzer(CSharpCompilation project, GeneratorRun run)
    {
        var refused = run.Problems.Any(static problem => !BesideAClient.Contains(problem.Id));
        var marked = project.GetSymbolsWithName(static _ => true, SymbolFilter.Type).OfType<INamedTypeSymbol>().Where(IsMarkable).Sum(Marks)
            + ServiceAttribute.GetAll(project.Assembly, RuntimeNames.Attribute).Count(static mark => !mark.IsBroken);
        Assert.True(
            refused ? run.Sources.Length < marked : run.Sources.Length == marked,
            $"{run.Sources.Length} clients for {marked} marks, and the analyzer says: {string.Join(", ", run.Problems)}");
    }

    /// <summary>A mark on anything else is an error of the compiler's.</summary>
    private static bool IsMarkable(INamedTypeSymbol type) => type.TypeKind is TypeKind.Class or TypeKind.Interface;

    private static int Marks(INamedTypeSymbol type)
        => type.GetAttributes().Count(static mark => mark.AttributeClass?.ToDisplayString() == RuntimeNames.Attribute);
}
