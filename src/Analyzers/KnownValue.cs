using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Operations;

namespace ThriftBreaker.Analyzers;

/// <summary>Facts about a value beyond the type of its expression.</summary>
internal static class KnownValue
{
    /// <summary>
    /// Gets the type of a value; for a variable of an interface type that is set once, the type of its initial value.
    /// </summary>
    public static ITypeSymbol? TypeOf(IOperation value)
    {
        value = Bare(value);
        return value is ILocalReferenceOperation { Local: { Type.TypeKind: TypeKind.Interface } local } && OnlyValueOf(local, RootOf(value)) is { } source
            ? Bare(source).Type
            : value.Type;
    }

    /// <summary>Gets a value without conversions and parentheses.</summary>
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

    /// <summary>Gets the variable that a value is read from; null if each read can give another object.</summary>
    public static ISymbol? VariableOf(IOperation value) => Bare(value) switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } } field => field.Field,
        IPropertyReferenceOperation { Instance: null or IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } } property when IsAutomatic(property.Property) => property.Property,
        _ => null,
    };

    /// <summary>Whether a property stores its value.</summary>
    public static bool IsAutomatic(IPropertySymbol property)
        => property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));

    /// <summary>Whether an operation sets a variable, or can set it.</summary>
    public static bool Sets(IOperation operation, ISymbol variable) => operation switch
    {
        IAssignmentOperation assignment => Is(assignment.Target, variable) || assignment.Target is ITupleOperation tuple && tuple.Elements.Any(element => Is(element, variable)),
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument => Is(argument.Value, variable),
        _ => false,
    };

    /// <summary>
    /// Whether this is a collection expression, or the list of arguments for <c>params</c>. The compiler version that
    /// this is built against has no operation for them.
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

    /// <summary>Gets the initial value of a local variable that is set only at its declaration.</summary>
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
