using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using ThriftBreaker.Generator.Parsing;

namespace ThriftBreaker.Generator.Diagnostics;

/// <summary>Says, on the user's own lines, why a marked service gets no guarded client or a setting cannot be used.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CircuitBreakerAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(
        DiagnosticDescriptors.SettingOutOfRange,
        DiagnosticDescriptors.NoServiceInterface,
        DiagnosticDescriptors.NotPartial,
        DiagnosticDescriptors.OutOfReach,
        DiagnosticDescriptors.MemberNotGuarded,
        DiagnosticDescriptors.Contradiction,
        DiagnosticDescriptors.MethodMarkNotApplied,
        DiagnosticDescriptors.NoException,
        DiagnosticDescriptors.Forwarded,
        DiagnosticDescriptors.NoServiceNamed,
        DiagnosticDescriptors.MarkedTwice);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.RegisterSymbolAction(static symbol => Analyze(symbol), SymbolKind.NamedType);
        context.RegisterSemanticModelAction(static file => Analyze(file));
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
        foreach (var problem in service.Marks.Count > 0 ? service.Problems.Concat(service.Remarks) : [])
        {
            context.ReportDiagnostic(Diagnostic.Create(problem.Rule, LocationOf(problem, service, context.CancellationToken), problem.Arguments));
        }

        foreach (var problem in ProblemsOfMarks(service))
        {
            context.ReportDiagnostic(Diagnostic.Create(problem.Rule, LocationOf(problem, context.CancellationToken), problem.Arguments));
        }
    }

    /// <summary>Reports the marks on the assembly, file by file, while they are written; the end of the compilation would be too late for that.</summary>
    private static void Analyze(SemanticModelAnalysisContext context)
    {
        var (file, compilation) = (context.SemanticModel.SyntaxTree, context.SemanticModel.Compilation);
        if (file.GetRoot(context.CancellationToken) is not CompilationUnitSyntax { AttributeLists.Count: > 0 })
        {
            return;
        }

        foreach (var problem in AssemblyMarkRules.ProblemsIn(file, compilation.Assembly))
        {
            context.ReportDiagnostic(Diagnostic.Create(problem.Rule, LocationOf(problem, context.CancellationToken), problem.Arguments));
        }

        foreach (var service in AssemblyMarks.In(file, compilation, context.CancellationToken))
        {
            foreach (var problem in service.Mark?.File == file ? service.Problems.Concat(service.Remarks) : [])
            {
                context.ReportDiagnostic(Diagnostic.Create(problem.Rule, LocationOf(problem, service, context.CancellationToken), problem.Arguments));
            }

            foreach (var problem in ProblemsOfMarks(service).Where(problem => problem.Mark.File == file))
            {
                context.ReportDiagnostic(Diagnostic.Create(problem.Rule, LocationOf(problem, context.CancellationToken), problem.Arguments));
            }
        }
    }

    private static IEnumerable<MarkProblem> ProblemsOfMarks(MarkedService service)
        => service.Marks.Concat(service.MethodMarks).SelectMany(mark => MarkRules.ProblemsOf(mark, service));

    /// <summary>A problem of a service, on its declaration; on the mark where that is what names the service.</summary>
    private static Location? LocationOf(Problem problem, MarkedService service, CancellationToken cancellationToken)
        => (problem.Mark ?? (service.IsOnAssembly ? service.Mark : null)) is { } mark
            ? LocationOf(mark, MarkProblem.ServiceArgument, cancellationToken)
            : problem.Culprit.Locations.FirstOrDefault(static location => location.IsInSource);

    private static Location? LocationOf(MarkProblem problem, CancellationToken cancellationToken)
        => LocationOf(problem.Mark, problem.Setting, cancellationToken);

    private static Location? LocationOf(Mark mark, string? argument, CancellationToken cancellationToken)
    {
        if (mark.Attribute.ApplicationSyntaxReference?.GetSyntax(cancellationToken) is not AttributeSyntax attribute)
        {
            return null;
        }

        var arguments = attribute.ArgumentList?.Arguments ?? default;
        var named = arguments.FirstOrDefault(each => (each.NameEquals?.Name ?? each.NameColon?.Name)?.Identifier.ValueText == argument);
        var place = argument switch
        {
            _ when named is not null => named,
            MarkProblem.ServiceArgument => arguments.FirstOrDefault(static each => each.NameEquals is null),
            MarkProblem.MethodArgument => arguments.LastOrDefault(static each => each.NameEquals is null),
            _ => null,
        };
        return (place ?? (SyntaxNode)attribute).GetLocation();
    }
}
