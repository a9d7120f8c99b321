using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Analyzers;

/// <summary>
/// The flow of a client within the type that creates it: through variables, methods and wrappers. It is fine if it can
/// end in a guarded client, if other types receive it as a Thrift client, or if the analysis cannot follow it. It is
/// not fine if the analysis follows all flows to their ends, and none ends in a guarded client.
/// </summary>
/// <param name="made">The creation of the client.</param>
/// <param name="type">The outermost type that contains the creation.</param>
/// <param name="bodies">The code of the type.</param>
internal sealed class ClientFlow(IObjectCreationOperation made, INamedTypeSymbol type, IEnumerable<IOperation> bodies)
{
    private readonly HashSet<ISymbol> _visited = new(SymbolEqualityComparer.Default);
    private ILookup<ISymbol, IOperation>? _uses;

    public bool IsFine() => IsFine(made);

    /// <summary>Whether a type is the outermost type that contains a member.</summary>
    public static bool IsAround(INamedTypeSymbol type, ISymbol member)
        => member.ContainingType is { } containing && SymbolEqualityComparer.Default.Equals(TypeWalk.WithContaining(containing).First().OriginalDefinition, type.OriginalDefinition);

    private bool IsFine(IOperation client)
    {
        for (var (value, parent) = (client, client.Parent); parent is not null; (value, parent) = (parent, parent.Parent))
        {
            switch (parent)
            {
                case IArgumentOperation { Parent: { } call } argument:
                    if (Guards(call) || IsFineAs(argument.Parameter, call) || LambdaParametersOf(call).Any(IsFineIn))
                    {
                        return true;
                    }

                    break;

                case IForEachLoopOperation loop when loop.Collection == value:
                    return loop.Locals.Any(IsFineIn);

                case IAssignmentOperation { Target: IDiscardOperation }:
                    return false;

                case IAssignmentOperation assignment:
                    if (assignment.Value != value)
                    {
                        return false;
                    }

                    if (KnownValue.VariableOf(assignment.Target) is not { } target || IsFineIn(target))
                    {
                        return true;
                    }

                    break;

                case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }:
                    return IsFineIn(declarator.Symbol);

                case IFieldInitializerOperation field:
                    return field.InitializedFields.Any(IsFineIn);

                case IPropertyInitializerOperation property:
                    return property.InitializedProperties.Any(IsFineIn);

                case IReturnOperation:
                    if (FunctionScope.Around(parent) is not IAnonymousFunctionOperation lambda)
                    {
                        return FunctionScope.Around(parent) is ILocalFunctionOperation local ? IsFineIn(local.Symbol) : IsFineIn(MemberAround(parent));
                    }

                    // Callers of the lambda get the client: it flows where the lambda flows.
                    parent = lambda;
                    break;

                case IInvocationOperation or IMemberReferenceOperation when value is not IArgumentOperation && IsTheClient(value.Type):
                    return false;

                case IConditionalAccessOperation access when access.Operation == value:
                    return access.WhenNotNull.DescendantsAndSelf().Any(part => part is IConditionalAccessInstanceOperation && IsFine(part));

                case IIsPatternOperation or ISwitchOperation:
                case ISwitchExpressionOperation choice when choice.Value == value:
                    return VariablesIn(parent).Any(IsFineIn);

                case IConditionalOperation conditional when conditional.Condition == value:
                case IExpressionStatementOperation or IUsingOperation or IBinaryOperation or IIsTypeOperation:
                    return false;

                case IInvocationOperation when ClientContent.IsImpossible(parent.Type):
                    return false;

                default:
                    if (!PassesOn(parent))
                    {
                        return true;
                    }

                    break;
            }
        }

        return false;
    }

    private static bool PassesOn(IOperation operation) => operation
        is IInvocationOperation or IObjectCreationOperation or IMemberReferenceOperation or IConditionalAccessOperation or ITranslatedQueryOperation
        or IConversionOperation or IParenthesizedOperation or IAwaitOperation or IConditionalOperation or ICoalesceOperation
        or ISwitchExpressionOperation or ISwitchExpressionArmOperation or ITupleOperation or IArrayCreationOperation or IArrayInitializerOperation or IArrayElementReferenceOperation
        or IDelegateCreationOperation or IAnonymousFunctionOperation or IObjectOrCollectionInitializerOperation or IMemberInitializerOperation
        || KnownValue.IsCollection(operation);

    /// <summary>Whether the call creates a guarded client or a part of one.</summary>
    private static bool Guards(IOperation call) => call switch
    {
        IObjectCreationOperation creation => Clients.IsGuarded(creation.Type) || IsOurs(creation.Constructor?.ContainingType),
        IInvocationOperation invocation => Clients.IsGuarded(invocation.TargetMethod.ContainingType) || Clients.IsGuarded(ResultOf(invocation.TargetMethod.ReturnType)),
        _ => false,
    };

    private static bool IsOurs(INamedTypeSymbol? made)
        => made?.OriginalDefinition.ContainingNamespace is { Name: "GeneratedCode", ContainingNamespace: { Name: "ThriftBreaker", ContainingNamespace.IsGlobalNamespace: true } };

    /// <summary>Whether a value of this type is the client, and not an object that contains it.</summary>
    private bool IsTheClient(ITypeSymbol? seenAs)
    {
        for (var client = made.Type; client is { SpecialType: not SpecialType.System_Object }; client = client.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(client, seenAs))
            {
                return true;
            }
        }

        return made.Type!.AllInterfaces.Contains(seenAs, SymbolEqualityComparer.Default);
    }

    /// <summary>
    /// A parameter of the type's own methods is a variable. Elsewhere the type of the parameter decides whether the
    /// client is known as one; another object can keep it, and so can the base class of this one.
    /// </summary>
    private bool IsFineAs(IParameterSymbol? parameter, IOperation call)
        => parameter is not null &&
            (IsAround(type, parameter.ContainingSymbol)
                ? IsFineIn(parameter)
                : (IsKnownAsClient(parameter.Type) && !IsKnownAsClient(call.Type)) || call is IInvocationOperation { Instance: not null });

    /// <summary>
    /// Gets the parameters of lambdas beside the client, to which the method can pass it: <c>clients.Select(client =>
    /// …)</c>.
    /// </summary>
    private static IEnumerable<IParameterSymbol> LambdaParametersOf(IOperation call)
        => call is IInvocationOperation invocation
            ? invocation.Arguments
                .Select(static argument => KnownValue.Bare(argument.Value))
                .OfType<IDelegateCreationOperation>()
                .Select(static @delegate => @delegate.Target)
                .OfType<IAnonymousFunctionOperation>()
                .SelectMany(static lambda => lambda.Symbol.Parameters)
            : [];

    /// <summary>Gets the variables that a pattern declares.</summary>
    private static IEnumerable<ISymbol?> VariablesIn(IOperation choice) => choice.Descendants().Select(static operation => operation switch
    {
        IDeclarationPatternOperation pattern => pattern.DeclaredSymbol,
        IRecursivePatternOperation pattern => pattern.DeclaredSymbol,
        _ => null,
    });

    private bool IsFineIn(ISymbol? symbol)
    {
        if (symbol is null || !_visited.Add(symbol.OriginalDefinition))
        {
            return false;
        }

        var isVisibleElsewhere = symbol.DeclaredAccessibility is not (Accessibility.Private or Accessibility.NotApplicable);
        return symbol is IParameterSymbol { RefKind: not RefKind.None } or ILocalSymbol { IsRef: true } ||
            (isVisibleElsewhere && IsKnownAsClient(TypeOf(symbol))) ||
            Uses()[symbol.OriginalDefinition].Any(IsFine);
    }

    /// <summary>
    /// Whether a type contains a Thrift client: <c>Client</c>, <c>Task&lt;Client&gt;</c>, <c>(Client, int)[]</c>, a
    /// function that returns one.
    /// </summary>
    private static bool IsKnownAsClient(ITypeSymbol? declared)
        => declared is not null &&
            (TypeWalk.Any(declared, Clients.IsThriftClient) || (declared is INamedTypeSymbol { DelegateInvokeMethod: { } invoke } && IsKnownAsClient(invoke.ReturnType)));

    /// <summary>Gets the result type of a task, and any other type itself.</summary>
    private static ITypeSymbol? ResultOf(ITypeSymbol? declared)
        => declared is INamedTypeSymbol { Name: "Task" or "ValueTask", TypeArguments.Length: 1 } task ? task.TypeArguments[0] : declared;

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        IMethodSymbol method => method.ReturnType,
        _ => null,
    };

    private static ISymbol? MemberAround(IOperation operation)
        => operation.SemanticModel?.GetEnclosingSymbol(operation.Syntax.SpanStart) is IMethodSymbol method ? method.AssociatedSymbol ?? method : null;

    /// <summary>Gets the reads of the type's variables and the calls of its methods, collected on first use.</summary>
    private ILookup<ISymbol, IOperation> Uses() => _uses ??= bodies
        .SelectMany(static body => body.DescendantsAndSelf())
        .Select(static operation => (Symbol: Used(operation), Operation: operation))
        .Where(static use => use.Symbol is not null)
        .ToLookup(static use => use.Symbol!, static use => use.Operation, SymbolEqualityComparer.Default);

    private static ISymbol? Used(IOperation operation) => (operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation field => field.Field,
        IPropertyReferenceOperation property => property.Property,
        IInvocationOperation invocation => invocation.TargetMethod,
        IMethodReferenceOperation method => method.Method,
        _ => (ISymbol?)null,
    })?.OriginalDefinition;
}
