using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ThriftBreaker.Analyzers;
using ThriftBreaker.Generator;

namespace ThriftBreaker.CodeFixes.Tests.Harness;

/// <summary>The assemblies of the generator and the analyzers, as a project references them.</summary>
internal sealed class GeneratorReference : AnalyzerReference
{
    private readonly ImmutableArray<DiagnosticAnalyzer> _analyzers =
    [
        .. new[] { typeof(CircuitBreakerAnalyzer), typeof(UnguardedClientAnalyzer) }
            .SelectMany(static type => type.Assembly.GetTypes())
            .Where(static type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
            .Select(static type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    /// <summary>
    /// One instance: a workspace asks again for each version of a project, and compares generators by identity.
    /// </summary>
    private readonly ImmutableArray<ISourceGenerator> _generators = [new CircuitBreakerGenerator().AsSourceGenerator()];

    private GeneratorReference()
    {
    }

    public static GeneratorReference Instance { get; } = new();

    public override string? FullPath => null;

    public override object Id => nameof(ThriftBreaker);

    public override ImmutableArray<DiagnosticAnalyzer> GetAnalyzers(string language) => _analyzers;

    public override ImmutableArray<DiagnosticAnalyzer> GetAnalyzersForAllLanguages() => _analyzers;

    public override ImmutableArray<ISourceGenerator> GetGenerators(string language) => _generators;
}
