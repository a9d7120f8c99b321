using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ThriftBreaker.Generator.Parsing;

namespace ThriftBreaker.Generator.Diagnostics.Usage;

/// <summary>
/// TB0014: finds Thrift clients that are made and used as they are, although the service has a guarded client. One that ends
/// in a guarded client is what that is for, however it gets there.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnguardedClientAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(DiagnosticDescriptors.Unguarded);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (Clients.Of(start.Compilation) is { } clients)
            {
                var code = new ConcurrentDictionary<INamedTypeSymbol, TypeCode>(SymbolEqualityComparer.Default);
                start.RegisterSymbolStartAction(type => Watch(type, code, clients), SymbolKind.NamedType);
            }
        });
    }

    /// <summary>
    /// Where a client goes is known when all of a type has been seen, with those nested in it: a field is set in one method and wrapped in
    /// another. A type ends after those nested in it.
    /// </summary>
    private static void Watch(SymbolStartAnalysisContext context, ConcurrentDictionary<INamedTypeSymbol, TypeCode> codes, Clients clients)
    {
        var type = MarkedService.WithContaining((INamedTypeSymbol)context.Symbol).First();
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
                if (operation.Operation is IObjectCreationOperation { Type: INamedTypeSymbol { Name: ThriftClientReader.Client } client } creation &&
                    clients.GuardOf(client) is not null)
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
        var guarded = clients.GuardOf(client)!;
        var name = Clients.Show(guarded);
        return Diagnostic.Create(
            DiagnosticDescriptors.Unguarded,
            creation.Syntax.GetLocation(),
            Clients.Show(client),
            Clients.Connects(guarded) ? $"use '{name}.Connect(…)', or wrap it, 'new {name}(…)'" : $"wrap it, 'new {name}(…)'");
    }

    /// <summary>What has been seen of a type.</summary>
    private sealed class TypeCode
    {
        public ConcurrentBag<IOperation> Bodies { get; } = [];

        public ConcurrentBag<IObjectCreationOperation> Made { get; } = [];
    }
}
