using ThriftBreaker.Generator.Model;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>Assigns circuit breakers to methods: that of the service, one of the method's own, or none.</summary>
internal static class CircuitBreakerReader
{
    /// <summary>
    /// The index of the first circuit breaker of a single method; before it are none and that of the service.
    /// </summary>
    private const int FirstOfMethods = 2;

    /// <summary>The circuit breakers of single methods, in the order of the methods.</summary>
    public static EquatableArray<MethodCircuitBreakerModel> ReadMethods(ServiceDeclaration service)
        => service.Methods
            .Select(static method => method.Name)
            .Distinct(StringComparer.Ordinal)
            .Where(method => HasItsOwn(method, service))
            .Select(method => new MethodCircuitBreakerModel(method, SettingsReader.Read(service.GetAttribute(method), service)))
            .ToEquatableArray();

    /// <summary>The index of the circuit breaker of each method that has one of its own.</summary>
    public static Dictionary<string, int> GetIndexes(EquatableArray<MethodCircuitBreakerModel> circuitBreakers)
        => circuitBreakers
            .Select(static (circuitBreaker, position) => (circuitBreaker.Method, Index: position + FirstOfMethods))
            .ToDictionary(static own => own.Method, static own => own.Index, StringComparer.Ordinal);

    /// <summary>The index of the circuit breaker of a method; 0 for none.</summary>
    public static int GetIndex(string method, ServiceDeclaration service, Dictionary<string, int> indexes)
        => service.GetAttribute(method) is { Bypasses: true } ? 0
            : indexes.TryGetValue(method, out var index) ? index
            : 1;

    private static bool HasItsOwn(string method, ServiceDeclaration service)
        => service.GetAttribute(method) is { } attribute ? !attribute.Bypasses && (service.HasCircuitPerMethod || !attribute.HasCallSettingsOnly) : service.HasCircuitPerMethod;
}
