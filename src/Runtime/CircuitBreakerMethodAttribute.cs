namespace ThriftBreaker;

/// <summary>
/// Beside <see cref="CircuitBreakerAttribute"/>: gives one method of the service settings of its own, and thereby a circuit of its own,
/// named <c>Service.method</c>; or leaves it unguarded.
/// </summary>
/// <remarks>
/// What is not written is as the service has it. The mark holds for all overloads of the method, which share the circuit. One that sets only
/// <see cref="CircuitBreakerSettingsAttribute.Idempotent"/> or <see cref="CircuitBreakerSettingsAttribute.CallTimeoutSeconds"/> speaks of the
/// method's calls, and gives it no circuit of its own.
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
    /// <summary>For a method of the service that the mark stands on.</summary>
    /// <param name="method">The method's name in the service interface, best written with <c>nameof</c>.</param>
    public CircuitBreakerMethodAttribute(string method)
        => Method = method;

    /// <summary>For a method of a service that a mark on the assembly names; on the assembly too.</summary>
    /// <param name="service">The service, as in its own mark.</param>
    /// <param name="method">The method's name in the service interface, best written with <c>nameof</c>.</param>
    public CircuitBreakerMethodAttribute(Type service, string method)
        : this(method)
        => Service = service;

    /// <summary>The service that a mark on the assembly names; null for a mark on the service itself.</summary>
    public Type? Service { get; }

    /// <summary>The method's name in the service interface.</summary>
    public string Method { get; }

    /// <summary>
    /// Whether the method goes to the inner client directly, past every circuit; default false. For calls that must reach the server
    /// in any case and say nothing about it, such as health pings. Goes with no setting of a circuit.
    /// </summary>
    public bool Bypass { get; set; }
}
