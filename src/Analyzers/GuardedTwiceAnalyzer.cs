using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace ThriftBreaker.Analyzers;

/// <summary>TB0015: finds guarded clients that wrap another guarded client. As a fallback, one is fine.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class GuardedTwiceAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(UsageDescriptors.GuardedTwice);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterOperationAction(static operation => Analyze(operation), OperationKind.ObjectCreation);
    }

    private static void Analyze(OperationAnalysisContext context)
    {
        var creation = (IObjectCreationOperation)context.Operation;
        if (Clients.IsGuarded(creation.Type) &&
            creation.Arguments.FirstOrDefault(static argument => argument.Parameter?.Ordinal == 0) is { } inner &&
            KnownValue.TypeOf(inner.Value) is INamedTypeSymbol type && Clients.IsGuarded(type))
        {
            context.ReportDiagnostic(Diagnostic.Create(UsageDescriptors.GuardedTwice, inner.Value.Syntax.GetLocation(), Clients.Show(type)));
        }
    }
}
