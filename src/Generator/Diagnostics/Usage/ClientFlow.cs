using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ThriftBreaker.Generator.Parsing;

namespace ThriftBreaker.Generator.Diagnostics.Usage;

/// <summary>
/// Where a client goes within the type that makes it: through variables, methods and whatever it is wrapped in. It is fine if it
/// may end in a guarded client, if others get it as the Thrift client that it is, for they can see what it needs, or if it goes where
/// nobody follows it. It is not where all its ways are seen to an end, and none of them leads into a guarded client.
/// </summary>
/// <param name="made">Where the client is made.</param>
/// <param name="type">The type, the outermost of those that it is made in.</param>
/// <param name="bodies">All code of the type.</param>
internal sealed class ClientFlow(IObjectCreationOperation made, INamedTypeSymbol type, IEnumerable<IOperation> bodies)
{
    private readonly HashSet<ISymbol> _visited = new(SymbolEqualityComparer.Default);
    private ILookup<ISymbol, IOperation>? _uses;

    public bool IsFine() => IsFine(made);

    /// <summary>Whether a type is the outermost one around a member.</summary>
    public static bool IsAround(INamedTypeSymbol type, ISymbol member)
        => member.ContainingType is { } containing && SymbolEqualityComparer.Default.Equals(MarkedService.WithContaining(containing).First().OriginalDefinition, type.OriginalDefinition);

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
                    if (Functions.Around(parent) is not IAnonymousFunctionOperation lambda)
                    {
                        return Functions.Around(parent) is ILocalFunctionOperation local ? IsFineIn(local.Symbol) : IsFineIn(MemberAround(parent));
                    }

                    // Whoever calls the lambda gets the client: it goes where the lambda goes.
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

                default:
                    if (!HandsOn(parent))
                    {
                        return true;
                    }

                    break;
            }
        }

        return false;
    }

    private static bool HandsOn(IOperation operation) => operation
        is IInvocationOperation or IObjectCreationOperation or IMemberReferenceOperation or IConditionalAccessOperation or ITranslatedQueryOperation
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
        => made?.OriginalDefinition.ContainingNamespace is { Name: "GeneratedCode", ContainingNamespace: { Name: "ThriftBreaker", ContainingNamespace.IsGlobalNamespace: true } };

    /// <summary>Whether a value of this type is the client, and not something that holds it.</summary>
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
    /// A parameter of one of the type's own methods is a variable like others. Elsewhere its type says whether the client is known as one;
    /// another object may keep it, and so may the base class of this one.
    /// </summary>
    private bool IsFineAs(IParameterSymbol? parameter, IOperation call)
        => parameter is not null &&
            (IsAround(type, parameter.ContainingSymbol)
                ? IsFineIn(parameter)
                : (IsKnownAsClient(parameter.Type) && !IsKnownAsClient(call.Type)) || call is IInvocationOperation { Instance: not null });

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

    /// <summary>The variables that a pattern declares.</summary>
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

        var isSeenElsewhere = symbol.DeclaredAccessibility is not (Accessibility.Private or Accessibility.NotApplicable);
        return symbol is IParameterSymbol { RefKind: not RefKind.None } or ILocalSymbol { IsRef: true } ||
            (isSeenElsewhere && IsKnownAsClient(TypeOf(symbol))) ||
            Uses()[symbol.OriginalDefinition].Any(IsFine);
    }

    /// <summary>Whether a type says that there is a Thrift client in it: <c>Client</c>, <c>Task&lt;Client&gt;</c>, <c>(Client, int)[]</c>, a function that makes one.</summary>
    private static bool IsKnownAsClient(ITypeSymbol? declared)
        => declared is not null &&
            (TypeWalk.Any(declared, Clients.IsThriftClient) || (declared is INamedTypeSymbol { DelegateInvokeMethod: { } invoke } && IsKnownAsClient(invoke.ReturnType)));

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
