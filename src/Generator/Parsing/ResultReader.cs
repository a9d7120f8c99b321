using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>Reads what a method returns, and whether its call has ended by then.</summary>
internal static class ResultReader
{
    /// <summary>The members by which C# awaits or enumerates a result of any type.</summary>
    private static readonly string[] MembersOfAwaited = ["GetAwaiter", "GetAsyncEnumerator", "MoveNextAsync"];

    public static (ReturnShape Shape, ITypeSymbol? Result) Read(IMethodSymbol method)
    {
        if (method.ReturnsVoid)
        {
            return (ReturnShape.Void, null);
        }

        var type = method.RefKind == RefKind.None ? method.ReturnType as INamedTypeSymbol : null;
        return type switch
        {
            _ when TypeText.Is(type, "System.Threading.Tasks.Task") => (ReturnShape.Task, null),
            _ when TypeText.Is(type, "System.Threading.Tasks.Task`1") => (ReturnShape.Task, type!.TypeArguments[0]),
            _ when TypeText.Is(type, "System.Threading.Tasks.ValueTask") => (ReturnShape.ValueTask, null),
            _ when TypeText.Is(type, "System.Threading.Tasks.ValueTask`1") => (ReturnShape.ValueTask, type!.TypeArguments[0]),
            _ when TypeText.Is(type, "System.Collections.Generic.IAsyncEnumerable`1") => (ReturnShape.Stream, type!.TypeArguments[0]),

            // A ref struct cannot be a type argument, so no predicate classifies it.
            _ => (ReturnShape.Value, ParameterReader.KindOf(method.ReturnType) == ParameterKind.RefLike ? null : method.ReturnType),
        };
    }

    /// <summary>
    /// Whether the call continues after the method has returned, and the client cannot observe its end: it cannot
    /// create a result of that type to return in its place.
    /// </summary>
    public static bool EndsLater(IMethodSymbol method) => Read(method).Shape == ReturnShape.Value && IsAwaited(method.ReturnType);

    /// <summary>Whether C# awaits or enumerates a type by its own members.</summary>
    public static bool IsAwaited(ITypeSymbol type) => type switch
    {
        ITypeParameterSymbol parameter => parameter.ConstraintTypes.Any(IsAwaited),
        INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable => IsAwaited(nullable.TypeArguments[0]),
        INamedTypeSymbol named => MembersOfAwaited.Any(member => Has(member, named)),
        _ => false,
    };

    private static bool Has(string member, INamedTypeSymbol type)
    {
        for (var ancestor = type; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (!ancestor.GetMembers(member).IsEmpty)
            {
                return true;
            }
        }

        return type.AllInterfaces.Any(each => !each.GetMembers(member).IsEmpty);
    }
}
