using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Parsing;

namespace ThriftBreaker.Generator.Diagnostics;

/// <summary>Whether a method's mark has a method to hold for.</summary>
internal static class MethodMarkRules
{
    /// <summary>Why the mark cannot be applied, and what to do; null when it can, or when the compiler itself has something to say about it.</summary>
    public static string? Obstacle(Mark mark, MarkedService service)
    {
        if (PlaceObstacle(mark, service.IsOnAssembly) is { } misplaced)
        {
            return misplaced;
        }

        if (service.Mark is null)
        {
            return service.IsOnAssembly
                ? $"no [assembly: CircuitBreaker(typeof({service.Marked.Name}))] is there, so there is no client to guard it in; add that mark, or write this one where '{service.Marked.Name}' is marked"
                : $"'{service.Marked.Name}' is not marked with [CircuitBreaker], so there is no client to guard it in; add that mark";
        }

        if (mark.MethodArgument is { IsNull: true, Kind: TypedConstantKind.Primitive })
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
            return service.Members.Any(member => member.Name == method)
                ? $"'{method}' is forwarded without a guard in any case; remove this mark"
                : $"'{method}' is no method of '{service.Interface?.Name}'; {Advice(NameSuggestion.GetNearest(method, names))}";
        }

        return service.MarkOf(method) == mark ? null : $"'{method}' has a mark already; write all its settings in one";
    }

    /// <summary>Why the mark cannot stand where it stands; null when it can.</summary>
    public static string? PlaceObstacle(Mark mark, bool isOnAssembly) => (isOnAssembly, mark) switch
    {
        (_, { IsBroken: true }) => null,
        (false, { ServiceArgument: not null }) => "it stands on the service itself; leave its first argument out, or write the mark on the assembly",
        (true, { ServiceArgument: null }) => "it stands on the assembly and names no service; write typeof(…) of one before the method",
        (true, { ServiceArgument: { } }) when NamedService.Of(mark) is null => "what it names is no service class and no interface; name one that [assembly: CircuitBreaker(typeof(…))] marks",
        _ => null,
    };

    private static string Advice(string[] near)
        => near.Length == 0 ? "write nameof(…) of one" : $"did you mean {NameSuggestion.Join(near)}?";
}
