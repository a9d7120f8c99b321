namespace ThriftBreaker;

/// <summary>
/// A generated client that opens its connections itself, as a container sees it that makes clients: it needs no reflection. Implemented by
/// generated code.
/// </summary>
/// <typeparam name="TSelf">The client: <c>MyService.CircuitBreakerClient</c>.</typeparam>
public interface IThriftClient<TSelf>
    where TSelf : class, IThriftClient<TSelf>
{
    /// <summary>The interface that the client guards: <c>MyService.IAsync</c>.</summary>
    static abstract Type ServiceType { get; }

    /// <summary>The settings of the mark.</summary>
    static abstract CircuitBreakerOptions DefaultOptions { get; }

    /// <summary>A client over this channel, which it disposes with itself. Connects when the first call is made.</summary>
    /// <param name="channel">The connections.</param>
    /// <param name="breakers">
    /// Gives the circuits: it is asked for each once, by the settings of its mark, whose name is that of the <see cref="DefaultOptions"/> for the service's circuit,
    /// and goes on with a dot and the method's name for the circuit of a method.
    /// </param>
    /// <param name="fallback">Answers the calls that are rejected: an implementation of the service. Null for none, which is the default. Its maker disposes it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="channel"/> or <paramref name="breakers"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// There is no circuit, or one that allows a probe less time than its call, or the fallback does not implement the service.
    /// </exception>
    static abstract TSelf Connect(ThriftChannel channel, Func<CircuitBreakerOptions, CircuitBreaker> breakers, object? fallback = null);

    /// <summary>The same service by way of a pipeline, which stands around the client: around its circuits, and the fallback where there is one.</summary>
    /// <param name="client">The client.</param>
    /// <param name="channel">Its connections, which what is returned disposes with itself.</param>
    /// <param name="pipeline">Makes each call.</param>
    /// <returns>An implementation of <see cref="ServiceType"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    static abstract object WithPipeline(TSelf client, ThriftChannel channel, ICallPipeline pipeline);
}
