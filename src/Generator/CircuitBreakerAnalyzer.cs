using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using ThriftBreaker.Generator.Diagnostics;
using ThriftBreaker.Generator.Parsing;

namespace ThriftBreaker.Generator;

/// <summary>
/// Reports why a service gets no client, which settings cannot be used, and what the circuit breaker does not protect
/// or observe.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CircuitBreakerAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(
        DiagnosticDescriptors.SettingOutOfRange,
        DiagnosticDescriptors.NoServiceInterface,
        DiagnosticDescriptors.NotPartial,
        DiagnosticDescriptors.ClientNotGenerated,
        DiagnosticDescriptors.MemberNotSupported,
        DiagnosticDescriptors.ConflictingSettings,
        DiagnosticDescriptors.MethodAttributeNotApplied,
        DiagnosticDescriptors.NotAnException,
        DiagnosticDescriptors.MemberNotProtected,
        DiagnosticDescriptors.NoServiceSpecified,
        DiagnosticDescriptors.DuplicateAttribute,
        DiagnosticDescriptors.TokenNotObserved,
        DiagnosticDescriptors.ResultNotObserved);

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

        // The compiler reports attributes on other kinds of types.
        if (type.TypeKind is not (TypeKind.Class or TypeKind.Interface) || !ServiceAttribute.IsOn(type))
        {
            return;
        }

        var service = ServiceDeclaration.FromType(type, context.Compilation, context.CancellationToken);
        var ofService = service.Attribute is null ? [] : ServiceValidator.Validate(service, context.CancellationToken);
        foreach (var diagnostic in ofService.Concat(AttributeValidator.Validate(service)))
        {
            context.ReportDiagnostic(diagnostic.ToDiagnostic(context.CancellationToken));
        }
    }

    /// <summary>
    /// Validates attributes on the assembly file by file: diagnostics at the end of the compilation do not appear while
    /// the user types.
    /// </summary>
    private static void Analyze(SemanticModelAnalysisContext context)
    {
        var (file, compilation) = (context.SemanticModel.SyntaxTree, context.SemanticModel.Compilation);
        if (file.GetRoot(context.CancellationToken) is not CompilationUnitSyntax { AttributeLists.Count: > 0 })
        {
            return;
        }

        var ofServices = AssemblyAttributes.GetServices(file, compilation, context.CancellationToken)
            .SelectMany(service => (service.Attribute?.File == file ? ServiceValidator.Validate(service, context.CancellationToken) : [])
                .Concat(AttributeValidator.Validate(service, file)));
        foreach (var diagnostic in AssemblyAttributeValidator.Validate(file, compilation.Assembly).Concat(ofServices))
        {
            context.ReportDiagnostic(diagnostic.ToDiagnostic(context.CancellationToken));
        }
    }
}
