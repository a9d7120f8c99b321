namespace ThriftBreaker;

/// <summary>
/// Describes a generated client that opens its connections itself to the containers that create it, without reflection.
/// Implemented by generated code.
/// </summary>
/// <typeparam name="TSelf">The client: <c>MyService.CircuitBreakerClient</c>.</typeparam>
public interface IThriftClient<TSelf>
    where TSelf : class, IThriftClient<TSelf>
{
    /// <summary>Gets the interface of the service, which the client implements: <c>MyService.IAsync</c>.</summary>
    static abstract Type ServiceType { get; }

    /// <summary>Gets the settings of the attribute.</summary>
    static abstract CircuitBreakerOptions DefaultOptions { get; }

    /// <summary>Creates a client over a channel, which it disposes. Connects when the first call is made.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="circuitBreakers">
    /// Returns the circuit breaker for the given settings. Called once for each circuit breaker. The name in the
    /// settings is that of <see cref="DefaultOptions"/> for the service, followed by a dot and the method's name for a
    /// method with a circuit breaker of its own.
    /// </param>
    /// <param name="fallback">
    /// An implementation of the service that handles rejected calls; null, the default, for none. The client does not
    /// dispose it.
    /// </param>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="channel"/> or <paramref name="circuitBreakers"/> is null.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="circuitBreakers"/> returned null or a circuit breaker whose probes time out before their calls
    /// do; or the fallback does not implement the service.
    /// </exception>
    static abstract TSelf Connect(ThriftChannel channel, Func<CircuitBreakerOptions, CircuitBreaker> circuitBreakers, object? fallback = null);

    /// <summary>
    /// Creates a client that makes the calls of <paramref name="client"/> through a pipeline. Its circuit breakers and
    /// its fallback are those of <paramref name="client"/>, inside the pipeline; so are its connections, which it
    /// disposes.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="pipeline">Makes each call.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    static abstract TSelf WithPipeline(TSelf client, ICallPipeline pipeline);
}
