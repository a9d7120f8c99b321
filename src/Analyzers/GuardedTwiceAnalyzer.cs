using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace ThriftBreaker.Analyzers;

/// <summary>
/// TB0015: finds guarded clients that wrap another guarded client, and calls of a guarded client through its own
/// circuit breaker. As a fallback, one is fine.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class GuardedTwiceAnalyzer : DiagnosticAnalyzer
{
    private const string SameCircuitBreaker = "the same circuit breaker";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(UsageDescriptors.GuardedTwice);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterOperationAction(static operation => AnalyzeCreation(operation), OperationKind.ObjectCreation);
        context.RegisterOperationAction(static operation => AnalyzeExecute(operation), OperationKind.Invocation);
    }

    private static void AnalyzeCreation(OperationAnalysisContext context)
    {
        var creation = (IObjectCreationOperation)context.Operation;
        if (!Clients.IsGuarded(creation.Type) || creation.Arguments.FirstOrDefault(static argument => argument.Parameter?.Ordinal == 0) is not { } inner)
        {
            return;
        }

        if (KnownValue.TypeOf(inner.Value) is INamedTypeSymbol type && Clients.IsGuarded(type))
        {
            Report(context, inner.Value, type, "a second circuit breaker");
        }
        else if (SharedCircuitBreaker.FindIn(creation) is var (client, culprit))
        {
            Report(context, culprit, client, SameCircuitBreaker);
        }
    }

    private static void AnalyzeExecute(OperationAnalysisContext context)
    {
        if (SharedCircuitBreaker.FindIn((IInvocationOperation)context.Operation) is var (client, culprit))
        {
            Report(context, culprit, client, SameCircuitBreaker);
        }
    }

    private static void Report(OperationAnalysisContext context, IOperation culprit, INamedTypeSymbol client, string protection)
        => context.ReportDiagnostic(Diagnostic.Create(UsageDescriptors.GuardedTwice, culprit.Syntax.GetLocation(), Clients.Show(client), protection));
}
