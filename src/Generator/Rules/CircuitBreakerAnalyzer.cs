using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using ThriftBreaker.Generator.Reading;

namespace ThriftBreaker.Generator.Rules;

/// <summary>Says, on the user's own lines, why a marked service gets no guarded client or a setting cannot be used.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CircuitBreakerAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(
        Diagnostics.SettingOutOfRange,
        Diagnostics.NoServiceInterface,
        Diagnostics.NotPartial,
        Diagnostics.OutOfReach,
        Diagnostics.MemberNotGuarded,
        Diagnostics.Contradiction,
        Diagnostics.MethodMarkNotApplied,
        Diagnostics.NoException);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.RegisterSymbolAction(static symbol => Analyze(symbol), SymbolKind.NamedType);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;

        // A mark on anything else is an error of the compiler's own.
        if (type.TypeKind is not (TypeKind.Class or TypeKind.Interface) || !MarkedService.HasMarks(type))
        {
            return;
        }

        var service = MarkedService.Of(type, context.Compilation, context.CancellationToken);
        if (service.Marks.Count > 0)
        {
            foreach (var problem in service.Problems)
            {
                var culprit = problem.Culprit.Locations.FirstOrDefault(static location => location.IsInSource);
                context.ReportDiagnostic(Diagnostic.Create(problem.Rule, culprit, problem.Arguments));
            }
        }

        foreach (var problem in service.Marks.Concat(service.MethodMarks).SelectMany(mark => MarkRules.ProblemsOf(mark, service)))
        {
            context.ReportDiagnostic(Diagnostic.Create(problem.Rule, LocationOf(problem, context.CancellationToken), problem.Arguments));
        }
    }

    private static Location? LocationOf(MarkProblem problem, CancellationToken cancellationToken)
        => problem.Mark.Attribute.ApplicationSyntaxReference?.GetSyntax(cancellationToken) is AttributeSyntax mark
            ? mark.ArgumentList?.Arguments.FirstOrDefault(argument => (argument.NameEquals?.Name.Identifier.ValueText ?? MarkProblem.FirstArgument) == problem.Setting)?.GetLocation()
                ?? mark.GetLocation()
            : null;
}
