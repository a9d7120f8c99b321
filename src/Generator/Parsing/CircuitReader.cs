using ThriftBreaker.Generator.Model;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>Which circuit guards which method: the service's own, one of the method's own, or none.</summary>
internal static class CircuitReader
{
    /// <summary>How the name begins of the field of a guard of one method.</summary>
    public const string FieldPrefix = "_guardOf_";

    /// <summary>The field of the guard of what has none of its own.</summary>
    private const string ServiceField = "_guard";

    /// <summary>The circuits that guard one method each, in the order of the methods.</summary>
    public static EquatableArray<CircuitModel> MethodCircuits(MarkedService service)
        => service.Methods
            .Select(static method => method.Name)
            .Distinct(StringComparer.Ordinal)
            .Where(method => HasItsOwn(method, service))
            .Select(method => new CircuitModel(method, FieldOf(method), SettingsReader.Read(service.MarkOf(method), service)))
            .ToEquatableArray();

    /// <summary>The field of the guard of the method; null for a method without one.</summary>
    public static string? FieldFor(string method, MarkedService service)
        => service.MarkOf(method) is { Bypasses: true } ? null
            : HasItsOwn(method, service) ? FieldOf(method)
            : ServiceField;

    private static bool HasItsOwn(string method, MarkedService service)
        => service.MarkOf(method) is { } mark ? !mark.Bypasses && (service.HasCircuitPerMethod || !mark.IsOfCallsOnly) : service.HasCircuitPerMethod;

    private static string FieldOf(string method) => FieldPrefix + method;
}
