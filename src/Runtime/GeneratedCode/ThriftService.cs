using System.ComponentModel;
using Thrift.Protocol;

namespace ThriftBreaker.GeneratedCode;

/// <summary>
/// Describes a service to the runtime: its methods, its circuit breakers and its Thrift client. Created by generated
/// code.
/// </summary>
/// <typeparam name="TService">The interface of the service.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ThriftService<TService>
    where TService : class
{
    /// <summary>The index of the circuit breaker of the service; those of single methods follow.</summary>
    private const int ServiceIndex = 1;

    private readonly CircuitBreakerOptions _defaultOptions;
    private readonly ThriftMethod[] _methods;

    /// <summary>Describes a service, and names it in its methods.</summary>
    /// <param name="name">The name of the service in the contract.</param>
    /// <param name="defaultOptions">The settings of the attribute. Their name is that of the service in messages.</param>
    /// <param name="methods">The methods of the service.</param>
    public ThriftService(string name, CircuitBreakerOptions defaultOptions, params ThriftMethod[] methods)
    {
        _defaultOptions = defaultOptions;
        _methods = methods;
        foreach (var method in methods)
        {
            method.BelongTo(name);
        }
    }

    /// <summary>
    /// Gets the function that creates the Thrift client of a connection; null if no Thrift client is known.
    /// </summary>
    public Func<TProtocol, TService>? CreateClient { get; init; }

    /// <summary>
    /// Gets whether the methods without a circuit breaker of their own share one. The default is true.
    /// </summary>
    public bool HasServiceCircuitBreaker { get; init; } = true;

    /// <summary>
    /// Gets the functions that turn the settings of the service into those of a single method's circuit breaker. The
    /// one at position n belongs to the methods whose <see cref="ThriftMethod.CircuitBreakerIndex"/> is n + 2.
    /// </summary>
    public IReadOnlyList<Func<CircuitBreakerOptions, CircuitBreakerOptions>> MethodCircuitBreakers { get; init; } = [];

    /// <summary>Returns the fallback as an implementation of the service.</summary>
    /// <exception cref="ArgumentException">It does not implement the service.</exception>
    public TService? ToFallback(object? fallback)
        => fallback is null or TService
            ? (TService?)fallback
            : throw new ArgumentException($"The fallback must implement {typeof(TService)}, and {fallback.GetType()} does not.", nameof(fallback));

    /// <summary>Creates the circuit breakers of a client that connects, with the settings of the attributes.</summary>
    /// <exception cref="ArgumentException">The probe timeout of one is shorter than a call.</exception>
    internal CircuitBreaker?[] CreateCircuitBreakers(ThriftChannelOptions channel)
        => Build(
            _defaultOptions,
            service: null,
            (options, index) => ChannelCircuitBreakers.Create(channel, options, GetLongestCall(index)));

    /// <summary>
    /// Returns the circuit breakers of a client: the given one for the service, and new ones, with its settings, for
    /// single methods.
    /// </summary>
    /// <param name="circuitBreaker">The circuit breaker of the service.</param>
    /// <param name="channel">The options of the channel; null without one.</param>
    /// <exception cref="ArgumentException">The probe timeout of one is shorter than a call.</exception>
    internal CircuitBreaker?[] CreateCircuitBreakers(CircuitBreaker circuitBreaker, ThriftChannelOptions? channel)
    {
        ArgumentNullException.ThrowIfNull(circuitBreaker);
        return Build(
            circuitBreaker.Options,
            Configure(circuitBreaker, ServiceIndex, channel),
            (options, index) => Configure(new CircuitBreaker(options), index, channel));
    }

    /// <summary>Returns the circuit breakers of a client from a function of the user.</summary>
    /// <inheritdoc cref="CreateCircuitBreakers(CircuitBreaker, ThriftChannelOptions?)"/>
    /// <exception cref="ArgumentException">
    /// The function returned null, or the probe timeout of one is shorter than a call.
    /// </exception>
    internal CircuitBreaker?[] CreateCircuitBreakers(Func<CircuitBreakerOptions, CircuitBreaker> circuitBreakers, ThriftChannelOptions? channel)
    {
        ArgumentNullException.ThrowIfNull(circuitBreakers);
        return Build(
            _defaultOptions,
            service: null,
            (options, index) => Configure(
                circuitBreakers(options) ?? throw new ArgumentException($"It returned no circuit breaker for '{options.Name}'.", nameof(circuitBreakers)),
                index,
                channel));
    }

    /// <summary>
    /// Returns the index of the circuit breaker of the method with this name in the service's interface.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="method"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The service has no such method, or the method has no circuit breaker.
    /// </exception>
    internal int GetCircuitBreakerIndex(string method)
    {
        ArgumentNullException.ThrowIfNull(method);
        var isKnown = false;
        foreach (var candidate in _methods)
        {
            if (candidate.MemberName != method)
            {
                continue;
            }

            isKnown = true;
            if (candidate.CircuitBreakerIndex > 0)
            {
                return candidate.CircuitBreakerIndex;
            }
        }

        throw isKnown
            ? new ArgumentException($"'{_defaultOptions.Name}.{method}' has no circuit breaker: its calls bypass it.", nameof(method))
            : new ArgumentException($"'{_defaultOptions.Name}' has no method '{method}'.", nameof(method));
    }

    private CircuitBreaker?[] Build(CircuitBreakerOptions options, CircuitBreaker? service, Func<CircuitBreakerOptions, int, CircuitBreaker> create)
    {
        var circuitBreakers = new CircuitBreaker?[ServiceIndex + 1 + MethodCircuitBreakers.Count];
        circuitBreakers[ServiceIndex] = service ?? (HasServiceCircuitBreaker ? create(options, ServiceIndex) : null);
        for (var index = ServiceIndex + 1; index < circuitBreakers.Length; index++)
        {
            circuitBreakers[index] = create(MethodCircuitBreakers[index - ServiceIndex - 1](options), index);
        }

        for (var index = ServiceIndex; index < circuitBreakers.Length; index++)
        {
            if (circuitBreakers[index] is { } circuitBreaker)
            {
                CallMetrics.AddMethods(circuitBreaker, _methods, index);
            }
        }

        return circuitBreakers;
    }

    private CircuitBreaker Configure(CircuitBreaker circuitBreaker, int index, ThriftChannelOptions? channel)
        => channel is null ? circuitBreaker : ChannelCircuitBreakers.Configure(channel, circuitBreaker, GetLongestCall(index));

    /// <summary>
    /// Returns the longest call timeout of the methods of a circuit breaker: a probe may be a call of any of them.
    /// </summary>
    private TimeSpan GetLongestCall(int index)
        => _methods.Where(method => method.CircuitBreakerIndex == index).Max(static method => method.CallTimeout) ?? TimeSpan.Zero;
}
