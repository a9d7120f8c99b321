namespace ThriftBreaker;

/// <summary>
/// Beside a <see cref="CircuitBreakerAttribute"/>: gives one method of the service other settings, and with them a
/// separate circuit breaker named <c>Service.method</c>; or leaves the method unprotected.
/// </summary>
/// <remarks>
/// Settings that are not set are those of the service. The attribute applies to all overloads of the method, which
/// share the circuit breaker. One that sets only <see cref="CircuitBreakerSettingsAttribute.Idempotent"/> or
/// <see cref="CircuitBreakerSettingsAttribute.CallTimeoutSeconds"/> configures the method's calls, and creates no
/// separate circuit breaker.
/// </remarks>
/// <example>
/// <code>
/// [CircuitBreaker(FailMax = 3)]
/// [CircuitBreakerMethod(nameof(IAsync.doSomething), FailMax = 1)]
/// public partial class MyService;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface | AttributeTargets.Assembly, AllowMultiple = true, Inherited = false)]
public sealed class CircuitBreakerMethodAttribute : CircuitBreakerSettingsAttribute
{
    /// <summary>
    /// Initializes a new instance of the <see cref="CircuitBreakerMethodAttribute"/> class, for a method of the service
    /// that has it.
    /// </summary>
    /// <param name="method">The method's name in the service interface, preferably as <c>nameof</c>.</param>
    public CircuitBreakerMethodAttribute(string method)
        => Method = method;

    /// <summary>
    /// Initializes a new instance of the <see cref="CircuitBreakerMethodAttribute"/> class, for the assembly: for a
    /// method of a service that another attribute of the assembly names.
    /// </summary>
    /// <param name="service">The service, as in its <see cref="CircuitBreakerAttribute"/>.</param>
    /// <param name="method">The method's name in the service interface, preferably as <c>nameof</c>.</param>
    public CircuitBreakerMethodAttribute(Type service, string method)
        : this(method)
        => Service = service;

    /// <summary>
    /// Gets the service that an attribute of the assembly names; null for an attribute on the service itself.
    /// </summary>
    public Type? Service { get; }

    /// <summary>Gets the method's name in the service interface.</summary>
    public string Method { get; }

    /// <summary>
    /// Gets or sets a value that indicates whether the method calls the inner client directly, past every circuit
    /// breaker; default false. Use it for calls that must always reach the server and say nothing about it, such as
    /// health pings. Settings of a circuit breaker are not supported with it.
    /// </summary>
    public bool Bypass { get; set; }
}
