using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ThriftBreaker.Generator.Parsing;

namespace ThriftBreaker.Generator.Tests.Harness;

/// <summary>
/// Verifies that a service with the attribute gets either a client or a diagnostic that explains why not.
/// </summary>
internal static class ClientOrDiagnostic
{
    /// <summary>
    /// Mistakes in the arguments of an attribute do not remove the client, which would cause a hundred more errors.
    /// Info diagnostics are not mistakes.
    /// </summary>
    private static readonly string[] BesideAClient = ["TB0001", "TB0006", "TB0007", "TB0008", "TB0009", "TB0017", "TB0018"];

    public static void Verify(CSharpCompilation project, GeneratorRun run)
    {
        var refused = run.Problems.Any(static problem => !BesideAClient.Contains(problem.Id));
        var marked = project.GetSymbolsWithName(static _ => true, SymbolFilter.Type).OfType<INamedTypeSymbol>().Where(CanHaveTheAttribute).Sum(CountAttributes)
            + ServiceAttribute.GetAll(project.Assembly, RuntimeNames.Attribute).Count(static attribute => !attribute.IsBroken);
        Assert.True(
            refused ? run.Sources.Length < marked : run.Sources.Length == marked,
            $"{run.Sources.Length} clients for {marked} attributes, and the analyzer reports: {string.Join(", ", run.Problems)}");
    }

    /// <summary>On any other type the compiler itself reports the attribute.</summary>
    private static bool CanHaveTheAttribute(INamedTypeSymbol type) => type.TypeKind is TypeKind.Class or TypeKind.Interface;

    private static int CountAttributes(INamedTypeSymbol type)
        => type.GetAttributes().Count(static attribute => attribute.AttributeClass?.ToDisplayString() == RuntimeNames.Attribute);
}
