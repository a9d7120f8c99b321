using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>What a circuit breaker does not observe of a call that it protects: other tokens, later results.</summary>
internal static class CallObservation
{
    private const string Token = "System.Threading.CancellationToken";
    private const string TokenSource = "System.Threading.CancellationTokenSource";

    /// <summary>
    /// Gets which tokens are not observed, and what to do; null if all are. Arrays and objects of the caller are not
    /// searched for tokens at run time.
    /// </summary>
    public static string? GetUnobservedTokens(IMethodSymbol method)
    {
        var received = method.Parameters.Where(static parameter => parameter.RefKind != RefKind.Out).ToArray();
        var tokens = received.Where(static parameter => IsToken(parameter.Type)).ToArray();
        return received.FirstOrDefault(static parameter => !IsToken(parameter.Type) && TypeWalk.GetParts(parameter.Type).Any(HoldsToken)) is { } holder
                ? $"the circuit breaker does not observe the token in '{holder.Name}'; {(tokens.Length > 0 ? $"link it to '{tokens[tokens.Length - 1].Name}'" : "add a parameter of the type CancellationToken")}"
            : tokens.Length > 1 ? $"the circuit breaker observes only the last token, '{tokens[tokens.Length - 1].Name}'; have one token, to which callers link the others"
            : null;
    }

    /// <summary>
    /// Gets what is not observed of a result, and what to do; null if the call has ended when its result is there.
    /// </summary>
    public static string? GetUnobservedResult(IMethodSymbol method, ServiceDeclaration service)
    {
        var (shape, result) = ResultReader.Read(method);
        var written = method.Parameters.Where(static parameter => parameter.RefKind == RefKind.Out).Select(static parameter => (parameter.Type, Place: $"'{parameter.Name}'"));
        var results = result is null || shape == ReturnShape.Void ? written : written.Prepend((Type: result, Place: "its result"));
        return results
            .SelectMany(static each => TypeWalk.GetParts(each.Type).Select(part => (Part: part, each.Place)))
            .Where(each => ContinuesLater(each.Part, method, service))
            .Select(static each => $"the circuit breaker does not observe the '{TypeText.ShortOf(each.Part)}' in {each.Place}; return a Task, a ValueTask or an IAsyncEnumerable of values")
            .FirstOrDefault();
    }

    private static bool IsToken(ITypeSymbol type)
        => TypeText.Is(type, Token) || (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable && TypeText.Is(nullable.TypeArguments[0], Token));

    /// <summary>Whether a type is a token, or an object with one. A delegate gets its tokens from others.</summary>
    private static bool HoldsToken(ITypeSymbol type) => type switch
    {
        _ when TypeText.Is(type, Token) || TypeText.Is(type, TokenSource) => true,
        INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct or TypeKind.Interface } holder when !IsMessage(holder) && !TypeText.DerivesFrom(holder, "System.Exception")
            => GetMembers(holder).Any(static member => member is { IsStatic: false, DeclaredAccessibility: Accessibility.Public } &&
                (member is IPropertySymbol property ? IsToken(property.Type) : member is IFieldSymbol field && IsToken(field.Type))),
        _ => false,
    };

    private static IEnumerable<ISymbol> GetMembers(INamedTypeSymbol type)
    {
        for (var each = type; each is { SpecialType: SpecialType.None }; each = each.BaseType)
        {
            foreach (var member in each.GetMembers())
            {
                yield return member;
            }
        }
    }

    /// <summary>Whether work can go on behind an object of this type.</summary>
    private static bool ContinuesLater(ITypeSymbol type, IMethodSymbol method, ServiceDeclaration service) => type switch
    {
        _ when ResultReader.IsAwaited(type) => true,
        INamedTypeSymbol { DelegateInvokeMethod: { } invoke } => TypeWalk.GetParts(invoke.ReturnType).Any(ResultReader.IsAwaited),
        INamedTypeSymbol named when !IsMessage(named) => named.AllInterfaces.Add(named).Any(static each => TypeText.Is(each, "System.IObservable`1") || TypeText.Is(each, "System.IAsyncResult")) ||
            ExtensionAwaiter.IsFor(named, method, service),
        _ => false,
    };

    private static bool IsMessage(INamedTypeSymbol type) => type.AllInterfaces.Any(static each => TypeText.Is(each, RuntimeNames.ThriftMessage));
}
