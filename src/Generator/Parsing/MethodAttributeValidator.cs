using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>Why an attribute for a method cannot be applied.</summary>
internal static class MethodAttributeValidator
{
    /// <summary>
    /// Gets why the attribute cannot be applied, and what to do; null if it can, or if the compiler reports an error in
    /// it.
    /// </summary>
    public static string? Obstacle(ServiceAttribute attribute, ServiceDeclaration service)
    {
        if (TargetObstacle(attribute, service.IsOnAssembly) is { } misplaced)
        {
            return misplaced;
        }

        if (service.Attribute is null)
        {
            return service.IsOnAssembly
                ? $"no [assembly: CircuitBreaker(typeof({service.Type.Name}))] exists, so no client is generated; add that attribute, or apply this one where '{service.Type.Name}' is marked"
                : $"'{service.Type.Name}' is not marked with [CircuitBreaker], so no client is generated; add that attribute";
        }

        if (attribute.MethodArgument is { IsNull: true, Kind: TypedConstantKind.Primitive })
        {
            return "it specifies no method; write nameof(…) of one";
        }

        if (attribute.Method is not { } method || service.Methods.Count == 0)
        {
            return null;
        }

        var names = service.Methods.Select(static each => each.Name).Distinct(StringComparer.Ordinal).ToArray();
        if (!names.Contains(method, StringComparer.Ordinal))
        {
            return service.Members.Any(member => member.Name == method)
                ? $"'{method}' is forwarded without a circuit breaker in any case; remove this attribute"
                : $"'{method}' is not a method of '{service.Interface?.Name}'; {Advice(NameSuggestion.GetNearest(method, names))}";
        }

        return service.GetAttribute(method) == attribute ? null : $"'{method}' already has an attribute; write all its settings in one";
    }

    /// <summary>Gets why the attribute cannot be applied to its target; null if it can.</summary>
    public static string? TargetObstacle(ServiceAttribute attribute, bool isOnAssembly) => (isOnAssembly, attribute) switch
    {
        (_, { IsBroken: true }) => null,
        (false, { ServiceArgument: not null }) => "it is applied to the service itself; remove its first argument, or apply the attribute to the assembly",
        (true, { ServiceArgument: null }) => "it is applied to the assembly and specifies no service; write typeof(…) of one before the method",
        (true, { ServiceArgument: { } }) when NamedService.Get(attribute) is null
            => "it specifies neither a service class nor an interface; specify one that has an [assembly: CircuitBreaker(typeof(…))]",
        _ => null,
    };

    private static string Advice(string[] near)
        => near.Length == 0 ? "write nameof(…) of one" : $"did you mean {NameSuggestion.Join(near)}?";
}
