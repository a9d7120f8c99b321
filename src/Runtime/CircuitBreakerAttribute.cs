namespace ThriftBreaker;

/// <summary>
/// Marks a Thrift service: the compiler then writes a <c>CircuitBreakerClient</c> for it, which routes every call through a
/// <see cref="CircuitBreaker"/>.
/// </summary>
/// <remarks>
/// <para>
/// On the partial service class that the Thrift compiler wrote (<c>[CircuitBreaker] public partial class MyService;</c>) the
/// client is the nested class <c>MyService.CircuitBreakerClient</c>. On an interface <c>IOrders</c> it is the class
/// <c>OrdersCircuitBreakerClient</c> beside it. On the assembly, for a contract that was compiled elsewhere
/// (<c>[assembly: CircuitBreaker(typeof(MyService))]</c>), it is <c>MyServiceCircuitBreakerClient</c> in the namespace of the service.
/// </para>
/// <para>
/// The settings are those of <see cref="CircuitBreakerOptions"/>, as constants; what is not written keeps its default there. One
/// method gets settings of its own by a <see cref="CircuitBreakerMethodAttribute"/> beside the mark. The mark is not inherited: a
/// derived interface needs its own. A service has one mark; several are for the assembly, which may name several services.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface | AttributeTargets.Assembly, AllowMultiple = true, Inherited = false)]
public sealed class CircuitBreakerAttribute : CircuitBreakerSettingsAttribute
{
    /// <summary>Marks the service class or the interface that it stands on.</summary>
    public CircuitBreakerAttribute()
    {
    }

    /// <summary>Marks a service from the outside; for the assembly.</summary>
    /// <param name="service">The service class that the Thrift compiler wrote, or an interface.</param>
    public CircuitBreakerAttribute(Type service)
        => Service = service;

    /// <summary>The service that a mark on the assembly names; null for a mark on the service itself.</summary>
    public Type? Service { get; }

    /// <summary>The circuit's name in messages; default: the name of the service.</summary>
    public string? Name { get; set; }

    /// <summary>How many circuits the service gets; default <see cref="CircuitBreakerScope.Service"/>.</summary>
    public CircuitBreakerScope Scope { get; set; }
}
