using ThriftBreaker.Generator.Model;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>The circuit breaker of each method: the service's, its own, or none.</summary>
internal static class CircuitReader
{
    /// <summary>The prefix of the field for the guard of one method.</summary>
    public const string FieldPrefix = "_guardOf_";

    /// <summary>The field for the guard of methods without their own.</summary>
    private const string ServiceField = "_guard";

    /// <summary>Gets the circuit breakers of single methods, in the order of the methods.</summary>
    public static EquatableArray<CircuitModel> MethodCircuits(ServiceDeclaration service)
        => service.Methods
            .Select(static method => method.Name)
            .Distinct(StringComparer.Ordinal)
            .Where(method => HasItsOwn(method, service))
            .Select(method => new CircuitModel(method, FieldOf(method), SettingsReader.Read(service.GetAttribute(method), service)))
            .ToEquatableArray();

    /// <summary>Gets the field for the guard of a method; null for a method without one.</summary>
    public static string? FieldFor(string method, ServiceDeclaration service)
        => service.GetAttribute(method) is { Bypasses: true } ? null
            : HasItsOwn(method, service) ? FieldOf(method)
            : ServiceField;

    private static bool HasItsOwn(string method, ServiceDeclaration service)
        => service.GetAttribute(method) is { } attribute ? !attribute.Bypasses && (service.HasCircuitPerMethod || !attribute.HasCallSettingsOnly) : service.HasCircuitPerMethod;

    private static string FieldOf(string method) => FieldPrefix + method;
}
