using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Analyzers;

/// <summary>
/// TB0014: finds Thrift clients that are used directly, although the service has a guarded client. A Thrift client that
/// ends in a guarded client is fine.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnguardedClientAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(UsageDescriptors.Unguarded);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (Clients.Create(start.Compilation) is { } clients)
            {
                var code = new ConcurrentDictionary<INamedTypeSymbol, TypeCode>(SymbolEqualityComparer.Default);
                start.RegisterSymbolStartAction(type => Watch(type, code, clients), SymbolKind.NamedType);
            }
        });
    }

    /// <summary>
    /// The flow of a client is known at the end of the outermost type: a field can be set in one method and wrapped in
    /// another. A type ends after its nested types.
    /// </summary>
    private static void Watch(SymbolStartAnalysisContext context, ConcurrentDictionary<INamedTypeSymbol, TypeCode> codes, Clients clients)
    {
        var type = TypeWalk.WithContaining((INamedTypeSymbol)context.Symbol).First();
        var code = codes.GetOrAdd(type, static _ => new TypeCode());
        context.RegisterOperationBlockAction(block =>
        {
            foreach (var body in block.OperationBlocks)
            {
                code.Bodies.Add(body);
            }
        });
        context.RegisterOperationAction(
            operation =>
            {
                if (operation.Operation is IObjectCreationOperation { Type: INamedTypeSymbol { Name: Clients.ThriftClientName } client } creation &&
                    clients.GetGuarded(client) is not null)
                {
                    code.Made.Add(creation);
                }
            },
            OperationKind.ObjectCreation);
        context.RegisterSymbolEndAction(end =>
        {
            if (SymbolEqualityComparer.Default.Equals(end.Symbol, type) && codes.TryRemove(type, out _))
            {
                foreach (var creation in code.Made.Where(creation => !new ClientFlow(creation, type, code.Bodies).IsFine()))
                {
                    end.ReportDiagnostic(Report(creation, clients));
                }
            }
        });
    }

    private static Diagnostic Report(IObjectCreationOperation creation, Clients clients)
    {
        var client = (INamedTypeSymbol)creation.Type!;
        var guarded = clients.GetGuarded(client)!;
        var name = Clients.Show(guarded);
        return Diagnostic.Create(
            UsageDescriptors.Unguarded,
            creation.Syntax.GetLocation(),
            Clients.Show(client),
            Clients.Connects(guarded) ? $"use '{name}.Connect(…)', or wrap it, 'new {name}(…)'" : $"wrap it, 'new {name}(…)'");
    }

    /// <summary>The code of a type that has been analyzed.</summary>
    private sealed class TypeCode
    {
        public ConcurrentBag<IOperation> Bodies { get; } = [];

        public ConcurrentBag<IObjectCreationOperation> Made { get; } = [];
    }
}
