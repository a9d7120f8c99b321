using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>The entries of <c>Exclude</c>, <c>Ignore</c> and <c>FailOn</c>.</summary>
internal static class ExceptionListValidator
{
    /// <summary>Gets why an entry cannot be used; null if it can, or if the compiler reports an error in it.</summary>
    public static string? Obstacle(TypedConstant entry, ServiceDeclaration service) => entry switch
    {
        { Kind: TypedConstantKind.Error } => null,
        { IsNull: true } => "which is not an exception",
        { Kind: not TypedConstantKind.Type } => null,
        { Value: ITypeSymbol type } when TypeText.HasErrors(type) => null,
        { Value: ITypeSymbol type } when !IsException(type.OriginalDefinition) => "which is not an exception",
        { Value: INamedTypeSymbol { IsUnboundGenericType: true } } => "which is an open generic type; no exception has that type",
        { Value: ITypeSymbol type } when !IsAccessible(type, service) => "which the generated client cannot see; make it internal or public",
        { Value: ITypeSymbol type } when service.Aliases.Obstacle([type]) is { } obstacle => "but " + obstacle,
        _ => null,
    };

    /// <summary>Gets an entry as messages show it.</summary>
    public static string Show(TypedConstant entry) => entry is { IsNull: false, Value: ITypeSymbol type } ? $"'{type.ToDisplayString()}'" : "null";

    private static bool IsException(ITypeSymbol type)
        => TypeText.Is(type, "System.Exception") || TypeText.DerivesFrom(type, "System.Exception");

    private static bool IsAccessible(ITypeSymbol type, ServiceDeclaration service)
        => !IsFileLocal(type) &&
            service.Compilation.IsSymbolAccessibleWithin(type, (ISymbol?)service.Container ?? service.Compilation.Assembly);

    private static bool IsFileLocal(ITypeSymbol type)
        => type is INamedTypeSymbol named &&
            (TypeWalk.WithContaining(named).Any(static each => each.IsFileLocal) || named.TypeArguments.Any(IsFileLocal));
}
