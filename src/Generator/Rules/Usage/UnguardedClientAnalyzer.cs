using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace ThriftBreaker.Generator.Rules.Usage;

/// <summary>
/// TB0014: finds Thrift clients that are made and used as they are, although the service has a guarded client. One that ends
/// in a guarded client is what that is for, however it gets there.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnguardedClientAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Diagnostics.Unguarded);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (Clients.Of(start.Compilation) is { } clients)
            {
                start.RegisterSymbolStartAction(type => Watch(type, clients), SymbolKind.NamedType);
            }
        });
    }

    /// <summary>Where a client goes is known when all of a type has been seen: a field is set in one method and wrapped in another.</summary>
    private static void Watch(SymbolStartAnalysisContext context, Clients clients)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        var bodies = new ConcurrentBag<IOperation>();
        var made = new ConcurrentBag<IObjectCreationOperation>();

        context.RegisterOperationBlockAction(block =>
        {
            if (IsOwn(block.OwningSymbol))
            {
                foreach (var body in block.OperationBlocks)
                {
                    bodies.Add(body);
                }
            }
        });
        context.RegisterOperationAction(
            operation =>
            {
                if (operation.Operation is IObjectCreationOperation { Type: INamedTypeSymbol { Name: "Client" } client } creation &&
                    IsOwn(operation.ContainingSymbol) && clients.GuardOf(client) is not null)
                {
                    made.Add(creation);
                }
            },
            OperationKind.ObjectCreation);
        context.RegisterSymbolEndAction(end =>
        {
            foreach (var creation in made.Where(creation => !new ClientFlow(type, bodies).IsFine(creation)))
            {
                end.ReportDiagnostic(Report(creation, clients));
            }
        });

        bool IsOwn(ISymbol member) => SymbolEqualityComparer.Default.Equals(member.ContainingType, type);
    }

    private static Diagnostic Report(IObjectCreationOperation creation, Clients clients)
    {
        var client = (INamedTypeSymbol)creation.Type!;
        var guarded = clients.GuardOf(client)!;
        var name = Clients.Show(guarded);
        return Diagnostic.Create(
            Diagnostics.Unguarded,
            creation.Syntax.GetLocation(),
            Clients.Show(client),
            Clients.Connects(guarded) ? $"use '{name}.Connect(…)', or wrap it, 'new {name}(…)'" : $"wrap it, 'new {name}(…)'");
    }
}
