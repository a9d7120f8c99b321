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
        Diagnostics.MemberNotGuarded);

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
        var marks = type.GetAttributes().Where(static attribute => TypeText.Is(attribute.AttributeClass, RuntimeNames.Attribute)).ToArray();

        // A mark on anything else is an error of the compiler's own.
        if (marks.Length == 0 || type.TypeKind is not (TypeKind.Class or TypeKind.Interface))
        {
            return;
        }

        foreach (var problem in MarkedService.Of(type, context.Compilation, context.CancellationToken).Problems)
        {
            var culprit = problem.Culprit.Locations.FirstOrDefault(static location => location.IsInSource);
            context.ReportDiagnostic(Diagnostic.Create(problem.Rule, culprit, problem.Arguments));
        }

        foreach (var mark in marks)
        {
            AnalyzeSettings(mark, context);
        }
    }

    private static void AnalyzeSettings(AttributeData mark, SymbolAnalysisContext context)
    {
        if (mark.ApplicationSyntaxReference?.GetSyntax(context.CancellationToken) is not AttributeSyntax syntax)
        {
            return;
        }

        foreach (var setting in mark.NamedArguments)
        {
            if (setting.Value is { Kind: TypedConstantKind.Primitive, Value: { } value } && SettingRules.Violation(setting.Key, value) is { } range)
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    Diagnostics.SettingOutOfRange, LocationOf(setting.Key, syntax), setting.Key, SettingRules.Show(value), range));
            }
        }
    }

    private static Location LocationOf(string setting, AttributeSyntax mark)
        => mark.ArgumentList?.Arguments.FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == setting)?.GetLocation()
            ?? mark.GetLocation();
}
