using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Operations;

namespace ThriftBreaker.Generator.Diagnostics.Usage;

/// <summary>What is known of a value beyond the type of its expression.</summary>
internal static class KnownValue
{
    /// <summary>The type that a value has for certain: of a variable that is an interface and set once, that of what it was set to.</summary>
    public static ITypeSymbol? TypeOf(IOperation value)
    {
        value = Bare(value);
        return value is ILocalReferenceOperation { Local: { Type.TypeKind: TypeKind.Interface } local } && OnlyValueOf(local, RootOf(value)) is { } source
            ? Bare(source).Type
            : value.Type;
    }

    /// <summary>A value without what only changes how it is seen.</summary>
    public static IOperation Bare(IOperation value)
    {
        while (true)
        {
            switch (value)
            {
                case IConversionOperation { OperatorMethod: null } conversion:
                    value = conversion.Operand;
                    break;
                case IParenthesizedOperation parenthesized:
                    value = parenthesized.Operand;
                    break;
                default:
                    return value;
            }
        }
    }

    /// <summary>The variable that a value is read from; null for what may be another object each time.</summary>
    public static ISymbol? VariableOf(IOperation value) => Bare(value) switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } } field => field.Field,
        IPropertyReferenceOperation { Instance: null or IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } } property when IsAutomatic(property.Property) => property.Property,
        _ => null,
    };

    /// <summary>Whether a property holds its value, and does not make it.</summary>
    public static bool IsAutomatic(IPropertySymbol property)
        => property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));

    /// <summary>Whether a variable gets a value here, or may get one.</summary>
    public static bool Sets(IOperation operation, ISymbol variable) => operation switch
    {
        IAssignmentOperation assignment => Is(assignment.Target, variable) || assignment.Target is ITupleOperation tuple && tuple.Elements.Any(element => Is(element, variable)),
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument => Is(argument.Value, variable),
        _ => false,
    };

    /// <summary>
    /// Whether this is a collection expression, or the list that the compiler makes of the arguments for <c>params</c>. The compiler
    /// that this is built against has no operation for them yet.
    /// </summary>
    public static bool IsCollection(IOperation operation)
        => operation.Syntax.IsKind(SyntaxKind.CollectionExpression) ||
            operation is { IsImplicit: true, Parent: IArgumentOperation } and not (IConversionOperation or IDelegateCreationOperation);

    public static IOperation RootOf(IOperation operation)
    {
        while (operation.Parent is { } parent)
        {
            operation = parent;
        }

        return operation;
    }

    private static bool Is(IOperation reference, ISymbol variable) => SymbolEqualityComparer.Default.Equals(VariableOf(reference), variable);

    /// <summary>What a local variable was set to where it is set once, at its declaration.</summary>
    public static IOperation? OnlyValueOf(ILocalSymbol local, IOperation root)
    {
        IOperation? value = null;
        foreach (var operation in root.Descendants())
        {
            if (operation is IVariableDeclaratorOperation declarator && SymbolEqualityComparer.Default.Equals(declarator.Symbol, local))
            {
                value = declarator.GetVariableInitializer()?.Value;
            }
            else if (Sets(operation, local))
            {
                return null;
            }
        }

        return value;
    }
}
