namespace ThriftBreaker;

/// <summary>
/// Beside <see cref="CircuitBreakerAttribute"/>: gives one method of the service settings of its own, and thereby a circuit of its own,
/// named <c>Service.method</c>; or leaves it unguarded.
/// </summary>
/// <remarks>
/// What is not written is as the service has it. The mark holds for all overloads of the method, which share the circuit.
/// </remarks>
/// <example>
/// <code>
/// [CircuitBreaker(FailMax = 3)]
/// [CircuitBreakerMethod(nameof(IAsync.doSomething), FailMax = 1)]
/// public partial class MyService;
/// </code>
/// </example>
/// <param name="method">The method's name in the service interface, best written with <c>nameof</c>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface, AllowMultiple = true, Inherited = false)]
public sealed class CircuitBreakerMethodAttribute(string method) : CircuitBreakerSettingsAttribute
{
    /// <summary>The method's name in the service interface.</summary>
    public string Method { get; } = method;

    /// <summary>
    /// Whether the method goes to the inner client directly, past every circuit; default false. For calls that must reach the server
    /// in any case and say nothing about it, such as health pings. Goes with no other setting.
    /// </summary>
    public bool Bypass { get; set; }
}
