using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace ThriftBreaker.Analyzers;

/// <summary>
/// TB0016: finds Thrift clients that several calls use concurrently. A client has one connection, numbers its requests
/// without a lock and takes the next reply for its own: concurrent calls get each other's replies.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SharedClientAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(UsageDescriptors.Shared);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (Clients.Create(start.Compilation) is not { } clients)
            {
                return;
            }

            start.RegisterOperationAction(operation => AnalyzeInvocation(operation, clients), OperationKind.Invocation);
            start.RegisterOperationAction(
                operation => AnalyzeInitializer(operation, clients), OperationKind.FieldInitializer, OperationKind.PropertyInitializer);
            start.RegisterSymbolAction(symbol => AnalyzeMember(symbol, clients), SymbolKind.Field, SymbolKind.Property);
        });
    }

    private static void AnalyzeInvocation(OperationAnalysisContext context, Clients clients)
    {
        var invocation = (IInvocationOperation)context.Operation;
        if (ClientCall.From(invocation) is { } call)
        {
            if (SettledVariable.Is(call.Variable, invocation) && (CallsAtOnce.GetReason(call) ?? CallsInLoop.GetReason(call) ?? CallsInLambda.GetReason(call)) is { } reason)
            {
                context.ReportDiagnostic(Report(call.Operation.Syntax, call.Client, reason, clients));
            }
        }
        else if (SingletonClient.GetRegistered(invocation) is { } client)
        {
            context.ReportDiagnostic(Report(invocation.Syntax, client, "all users of a singleton get the same instance", clients));
        }
    }

    /// <summary>Reports a static variable of an interface type that is initialized with a Thrift client.</summary>
    private static void AnalyzeInitializer(OperationAnalysisContext context, Clients clients)
    {
        if (context.Operation is ISymbolInitializerOperation { Value: { } value } && context.ContainingSymbol is { IsStatic: true } member &&
            IsShared(member) &&
            KnownValue.TypeOf(value) is INamedTypeSymbol client && Clients.IsThriftClient(client) && !Clients.IsThriftClient(TypeOf(member)))
        {
            context.ReportDiagnostic(Report(member, client, clients));
        }
    }

    private static void AnalyzeMember(SymbolAnalysisContext context, Clients clients)
    {
        if (context.Symbol is { IsStatic: true, IsImplicitlyDeclared: false } member && TypeOf(member) is INamedTypeSymbol client &&
            Clients.IsThriftClient(client) && IsShared(member))
        {
            context.ReportDiagnostic(Report(member, client, clients));
        }
    }

    private static bool IsShared(ISymbol member)
        => member is IPropertySymbol property
            ? KnownValue.IsAutomatic(property)
            : !member.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "ThreadStaticAttribute");

    private static ITypeSymbol? TypeOf(ISymbol member) => (member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type;

    private static Diagnostic Report(ISymbol member, INamedTypeSymbol client, Clients clients)
        => Diagnostic.Create(
            UsageDescriptors.Shared, member.Locations[0], Clients.Show(client), $"all threads share the static '{member.Name}'", Advice(client, clients));

    private static Diagnostic Report(SyntaxNode culprit, INamedTypeSymbol client, string reason, Clients clients)
        => Diagnostic.Create(UsageDescriptors.Shared, culprit.GetLocation(), Clients.Show(client), reason, Advice(client, clients));

    private static string Advice(INamedTypeSymbol client, Clients clients)
        => clients.GetGuarded(client) is { } guarded && Clients.Connects(guarded)
            ? $"share what '{Clients.Show(guarded)}.Connect(…)' creates, which has a connection for each call"
            : "give each call its own client, or await the call before";
}
