using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Parsing;

namespace ThriftBreaker.Generator.Diagnostics;

/// <summary>What may stand in <c>Exclude</c>, <c>Ignore</c> and <c>FailOn</c>.</summary>
internal static class ExceptionListRules
{
    /// <summary>Why an entry cannot be used; null when it can, or when the compiler itself has something to say about it.</summary>
    public static string? Obstacle(TypedConstant entry, MarkedService service) => entry switch
    {
        { Kind: TypedConstantKind.Error } => null,
        { IsNull: true } => "which is no exception",
        { Kind: not TypedConstantKind.Type } => null,
        { Value: ITypeSymbol type } when TypeText.HasErrors(type) => null,
        { Value: ITypeSymbol type } when !IsException(type.OriginalDefinition) => "which is no exception",
        { Value: INamedTypeSymbol { IsUnboundGenericType: true } } => "which is open; no exception is of that type",
        { Value: ITypeSymbol type } when !IsSeenBy(type, service) => "which the generated client cannot see; make it internal or public",
        { Value: ITypeSymbol type } when service.Aliases.Obstacle([type]) is { } obstacle => "but " + obstacle,
        _ => null,
    };

    /// <summary>An entry as its user knows it.</summary>
    public static string Show(TypedConstant entry) => entry is { IsNull: false, Value: ITypeSymbol type } ? $"'{type.ToDisplayString()}'" : "null";

    private static bool IsException(ITypeSymbol type)
        => TypeText.Is(type, "System.Exception") || TypeText.DerivesFrom(type, "System.Exception");

    private static bool IsSeenBy(ITypeSymbol type, MarkedService service)
        => !IsFileLocal(type) &&
            service.Compilation.IsSymbolAccessibleWithin(type, (ISymbol?)service.Container ?? service.Compilation.Assembly);

    private static bool IsFileLocal(ITypeSymbol type)
        => type is INamedTypeSymbol named &&
            (MarkedService.WithContaining(named).Any(static each => each.IsFileLocal) || named.TypeArguments.Any(IsFileLocal));
}
