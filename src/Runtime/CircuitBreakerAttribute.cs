namespace ThriftBreaker;

/// <summary>
/// Marks a Thrift service: the compiler then writes a <c>CircuitBreakerClient</c> for it, which routes every call through a
/// <see cref="CircuitBreaker"/>.
/// </summary>
/// <remarks>
/// <para>
/// On the partial service class that the Thrift compiler wrote (<c>[CircuitBreaker] public partial class MyService;</c>) the
/// client is the nested class <c>MyService.CircuitBreakerClient</c>. On an interface <c>IOrders</c> it is the class
/// <c>OrdersCircuitBreakerClient</c> beside it.
/// </para>
/// <para>
/// The settings are those of <see cref="CircuitBreakerOptions"/>, as constants; what is not set keeps its default there. The
/// mark is not inherited: a derived interface needs its own.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface, AllowMultiple = false, Inherited = false)]
public sealed class CircuitBreakerAttribute : Attribute
{
    /// <summary>The circuit's name in messages; default: the name of the service.</summary>
    public string? Name { get; set; }

    /// <inheritdoc cref="CircuitBreakerOptions.FailMax"/>
    public int FailMax { get; set; } = CircuitBreakerOptions.DefaultFailMax;

    /// <summary>
    /// How long the circuit stays open before one call may try again, in seconds: finite and greater than zero; default 60.
    /// </summary>
    public double ResetTimeoutSeconds { get; set; } = CircuitBreakerOptions.DefaultResetTimeoutSeconds;

    /// <inheritdoc cref="CircuitBreakerOptions.SuccessThreshold"/>
    public int SuccessThreshold { get; set; } = CircuitBreakerOptions.DefaultSuccessThreshold;

    /// <inheritdoc cref="CircuitBreakerOptions.ThrowOnTrip"/>
    public bool ThrowOnTrip { get; set; }
}
