namespace ThriftBreaker.Hosting;

/// <summary>Represents the circuit breaker settings of single methods. Not thread-safe.</summary>
public sealed class ThriftClientMethodsOptions
{
    private readonly ThriftClientCircuitBreakerOptions _service;
    private readonly Dictionary<string, ThriftClientCircuitBreakerOptions> _methods = new(StringComparer.OrdinalIgnoreCase);

    internal ThriftClientMethodsOptions(ThriftClientCircuitBreakerOptions service) => _service = service;

    /// <summary>
    /// Gets the settings of the method's circuit breaker. The host does not start if a setting is assigned and the
    /// method has no circuit breaker.
    /// </summary>
    /// <remarks>
    /// What <c>[CircuitBreakerMethod]</c> sets is known when the client has been created. Until then, a setting without
    /// an assignment reads as that of the service; it is not an assignment, and the attribute of the method still
    /// applies.
    /// </remarks>
    /// <param name="method">The name of the method, in any case.</param>
    /// <exception cref="ArgumentNullException"><paramref name="method"/> is null.</exception>
    public ThriftClientCircuitBreakerOptions this[string method]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(method);
            if (!_methods.TryGetValue(method, out var options))
            {
                options = _service.CreateForMethod(method);
                _methods.Add(method, options);
            }

            return options;
        }
    }

    /// <summary>Gets the names of the methods that have been assigned a setting.</summary>
    internal IEnumerable<string> Assigned => _methods.Where(static method => method.Value.IsAssigned).Select(static method => method.Key);
}
