using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>Finds the parts of a client that this project cannot have.</summary>
internal static class OmittedPartsReader
{
    private static readonly (string Type, OmittedParts Part)[] Types =
    [
        ("System.CodeDom.Compiler.GeneratedCodeAttribute", OmittedParts.GeneratedCode),
        ("System.Diagnostics.CodeAnalysis.ExcludeFromCodeCoverageAttribute", OmittedParts.ExcludeFromCodeCoverage),
        ("System.IAsyncDisposable", OmittedParts.AsyncDisposal),
        ("System.Threading.Tasks.ValueTask", OmittedParts.AsyncDisposal),
    ];

    public static OmittedParts Read(Compilation compilation)
        => Types
            .Where(each => AmbiguousType.Is(each.Type, compilation))
            .Aggregate(OmittedParts.None, static (all, each) => all | each.Part);
}
