namespace ThriftBreaker;

/// <summary>
/// Requests a generated <c>CircuitBreakerClient</c> for a Thrift service, which routes every call through a
/// <see cref="CircuitBreaker"/>.
/// </summary>
/// <remarks>
/// <para>
/// On a partial service class of the Thrift compiler (<c>[CircuitBreaker] public partial class MyService;</c>) the
/// client is the nested class <c>MyService.CircuitBreakerClient</c>. On an interface <c>IOrders</c> it is the class
/// <c>OrdersCircuitBreakerClient</c> beside it. On the assembly, for a contract of another assembly (<c>[assembly:
/// CircuitBreaker(typeof(MyService))]</c>), it is <c>MyServiceCircuitBreakerClient</c> in the namespace of the service.
/// </para>
/// <para>
/// The settings are those of <see cref="CircuitBreakerOptions"/>, as constants; a setting that is not set keeps its
/// default. A <see cref="CircuitBreakerMethodAttribute"/> beside this attribute gives one method other settings. The
/// attribute is not inherited: a derived interface needs another one. A service has one attribute; an assembly may have
/// several, for several services.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface | AttributeTargets.Assembly, AllowMultiple = true, Inherited = false)]
public sealed class CircuitBreakerAttribute : CircuitBreakerSettingsAttribute
{
    /// <summary>
    /// Initializes a new instance of the <see cref="CircuitBreakerAttribute"/> class, for the service class or
    /// interface that has it.
    /// </summary>
    public CircuitBreakerAttribute()
    {
    }

    /// <summary>
    /// Initializes a new instance of the <see cref="CircuitBreakerAttribute"/> class, for an assembly.
    /// </summary>
    /// <param name="service">The service class of the Thrift compiler, or an interface.</param>
    public CircuitBreakerAttribute(Type service)
        => Service = service;

    /// <summary>
    /// Gets the service that an attribute of the assembly names; null for an attribute on the service itself.
    /// </summary>
    public Type? Service { get; }

    /// <summary>Gets or sets the name of the circuit breaker in messages; default: the name of the service.</summary>
    public string? Name { get; set; }

    /// <summary>
    /// Gets or sets the number of circuit breakers of the service; default <see cref="CircuitBreakerScope.Service"/>.
    /// </summary>
    public CircuitBreakerScope Scope { get; set; }
}
