using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Reading;

namespace ThriftBreaker.Generator.Rules;

/// <summary>Whether a method's mark has a method to hold for.</summary>
internal static class MethodMarkRules
{
    /// <summary>Why the mark cannot be applied, and what to do; null when it can, or when the compiler itself has something to say about it.</summary>
    public static string? Obstacle(Mark mark, MarkedService service)
    {
        if (service.Mark is null)
        {
            return $"'{service.Marked.Name}' is not marked with [CircuitBreaker], so there is no client to guard it in; add that mark";
        }

        if (mark.FirstArgument is { IsNull: true, Kind: TypedConstantKind.Primitive })
        {
            return "it names no method; write nameof(…) of one";
        }

        if (mark.Method is not { } method || service.Methods.Count == 0)
        {
            return null;
        }

        var names = service.Methods.Select(static each => each.Name).Distinct(StringComparer.Ordinal).ToArray();
        if (!names.Contains(method, StringComparer.Ordinal))
        {
            return $"'{method}' is no method of '{service.Interface?.Name}'; {Advice(NearMiss.Of(method, names))}";
        }

        return service.MarkOf(method) == mark ? null : $"'{method}' has a mark already; write all its settings in one";
    }

    private static string Advice(string[] near)
        => near.Length == 0 ? "write nameof(…) of one" : $"did you mean {string.Join(" or ", near.Select(static name => $"'{name}'"))}?";
}
