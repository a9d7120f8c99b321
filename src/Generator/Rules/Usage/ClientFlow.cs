using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ThriftBreaker.Generator.Rules.Usage;

/// <summary>
/// Where a client goes within the type that makes it: through variables, methods and whatever it is wrapped in. It is fine if it
/// may end in a guarded client, or if others get it as the Thrift client that it is: they can see what it needs.
/// </summary>
/// <param name="type">The type.</param>
/// <param name="bodies">All code of the type.</param>
internal sealed class ClientFlow(INamedTypeSymbol type, IEnumerable<IOperation> bodies)
{
    private readonly HashSet<ISymbol> _visited = new(SymbolEqualityComparer.Default);
    private ILookup<ISymbol, IOperation>? _uses;

    public bool IsFine(IOperation client)
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

                case IPropertyReferenceOperation element when element.Instance == value && element.Property.IsIndexer:
                    break;

                case IAssignmentOperation assignment:
                    if (assignment.Value != value)
                    {
                        return false;
                    }

                    if (KnownValue.VariableOf(assignment.Target) is { } target && IsFineIn(target))
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
                    if (Functions.Around(parent) is not IAnonymousFunctionOperation lambda)
                    {
                        return Functions.Around(parent) is ILocalFunctionOperation local ? IsFineIn(local.Symbol) : IsFineIn(MemberAround(parent));
                    }

                    // Whoever calls the lambda gets the client: it goes where the lambda goes.
                    parent = lambda;
                    break;

                case IInvocationOperation invocation when value is not IArgumentOperation:
                    if (invocation.TargetMethod.MethodKind != MethodKind.DelegateInvoke)
                    {
                        return false;
                    }

                    break;

                case IConditionalOperation conditional when conditional.Condition == value:
                    return false;

                default:
                    if (!HandsOn(parent))
                    {
                        return false;
                    }

                    break;
            }
        }

        return false;
    }

    private static bool HandsOn(IOperation operation) => operation
        is IInvocationOperation or IObjectCreationOperation
        or IConversionOperation or IParenthesizedOperation or IAwaitOperation or IConditionalOperation or ICoalesceOperation
        or ISwitchExpressionOperation or ISwitchExpressionArmOperation or ITupleOperation or IArrayCreationOperation or IArrayInitializerOperation or IArrayElementReferenceOperation
        or IDelegateCreationOperation or IAnonymousFunctionOperation or IObjectOrCollectionInitializerOperation or IMemberInitializerOperation
        || KnownValue.IsCollection(operation);

    /// <summary>Whether what is made or called here is a guarded client, makes one, or is a part of one.</summary>
    private static bool Guards(IOperation call) => call switch
    {
        IObjectCreationOperation creation => Clients.IsGuarded(creation.Type) || IsOurs(creation.Constructor?.ContainingType),
        IInvocationOperation invocation => Clients.IsGuarded(invocation.TargetMethod.ContainingType) || Clients.IsGuarded(ResultOf(invocation.TargetMethod.ReturnType)),
        _ => false,
    };

    private static bool IsOurs(INamedTypeSymbol? made)
        => made?.OriginalDefinition.ContainingNamespace is { Name: "Calls", ContainingNamespace: { Name: "ThriftBreaker", ContainingNamespace.IsGlobalNamespace: true } };

    /// <summary>A parameter of one of the type's own methods is a variable like others; elsewhere its type says whether the client is known as one.</summary>
    private bool IsFineAs(IParameterSymbol? parameter, IOperation call)
        => parameter is not null &&
            (SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol.ContainingType?.OriginalDefinition, type.OriginalDefinition)
                ? IsFineIn(parameter)
                : IsKnownAsClient(parameter.Type) && !IsGivenBack(call.Type));

    /// <summary>Whether what a method returns may hold the client, as <c>Select</c> does: then it has not been given to anybody yet.</summary>
    private static bool IsGivenBack(ITypeSymbol? result)
        => Clients.IsThriftClient(ResultOf(result)) || (result is INamedTypeSymbol named && named.TypeArguments.Any(Clients.IsThriftClient)) ||
            (result is IArrayTypeSymbol array && Clients.IsThriftClient(array.ElementType));

    /// <summary>What a method may hand over to the lambdas that it gets beside the client: <c>clients.Select(client => …)</c>.</summary>
    private static IEnumerable<IParameterSymbol> LambdaParametersOf(IOperation call)
        => call is IInvocationOperation invocation
            ? invocation.Arguments
                .Select(static argument => KnownValue.Bare(argument.Value))
                .OfType<IDelegateCreationOperation>()
                .Select(static @delegate => @delegate.Target)
                .OfType<IAnonymousFunctionOperation>()
                .SelectMany(static lambda => lambda.Symbol.Parameters)
            : [];

    private bool IsFineIn(ISymbol? symbol)
    {
        if (symbol is null || !_visited.Add(symbol.OriginalDefinition))
        {
            return false;
        }

        var isSeenElsewhere = symbol.DeclaredAccessibility is not (Accessibility.Private or Accessibility.NotApplicable);
        return (isSeenElsewhere && IsKnownAsClient(TypeOf(symbol))) || Uses()[symbol.OriginalDefinition].Any(IsFine);
    }

    private static bool IsKnownAsClient(ITypeSymbol? declared)
        => Clients.IsThriftClient(ResultOf(declared)) ||
            (declared is INamedTypeSymbol { DelegateInvokeMethod: { } invoke } && Clients.IsThriftClient(ResultOf(invoke.ReturnType)));

    /// <summary>What a task holds; anything else is itself.</summary>
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

    /// <summary>Where the type's variables are read and its methods called. Gathered for a client that was not found to be fine at once.</summary>
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
