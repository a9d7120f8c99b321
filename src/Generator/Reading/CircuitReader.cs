using ThriftBreaker.Generator.Model;

namespace ThriftBreaker.Generator.Reading;

/// <summary>Which circuit guards which method: the service's own, one of the method's own, or none.</summary>
internal static class CircuitReader
{
    /// <summary>How the name begins of the field of a circuit that guards one method.</summary>
    public const string FieldPrefix = "_breakerOf_";

    /// <summary>The field of the circuit that guards what has none of its own.</summary>
    private const string ServiceField = "_breaker";

    /// <summary>The circuits that guard one method each, in the order of the methods.</summary>
    public static EquatableArray<CircuitModel> MethodCircuits(MarkedService service)
        => service.Methods
            .Select(static method => method.Name)
            .Distinct(StringComparer.Ordinal)
            .Where(method => HasItsOwn(method, service))
            .Select(method => new CircuitModel(method, FieldOf(method), SettingsReader.Read(service.MarkOf(method), service)))
            .ToEquatableArray();

    /// <summary>The field of the circuit that guards the method; null for a method without a guard.</summary>
    public static string? FieldFor(string method, MarkedService service)
        => service.MarkOf(method) is { Bypasses: true } ? null
            : HasItsOwn(method, service) ? FieldOf(method)
            : ServiceField;

    private static bool HasItsOwn(string method, MarkedService service)
        => service.MarkOf(method) is { } mark ? !mark.Bypasses && (service.HasCircuitPerMethod || !mark.IsOfCallsOnly) : service.HasCircuitPerMethod;

    private static string FieldOf(string method) => FieldPrefix + method;
}
