using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ThriftBreaker.GeneratedCode;

/// <summary>
/// Makes the calls of a generated client: through its circuit breakers to an inner client or over a channel, or through
/// a pipeline to another invoker. Thread-safe. Used by generated code.
/// </summary>
/// <typeparam name="TService">The interface of the service.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never), StackTraceHidden]
public sealed partial class CallInvoker<TService>
    where TService : class
{
    private readonly ThriftService<TService> _service;

    /// <summary>
    /// The circuit breakers by <see cref="ThriftMethod.CircuitBreakerIndex"/>. The first is always null: those calls
    /// bypass them.
    /// </summary>
    private readonly CircuitBreaker?[] _circuitBreakers;
    private readonly TService? _fallback;

    // One of three: an inner client, a channel, or a pipeline around the next invoker.
    private readonly TService? _inner;
    private readonly ChannelCore<TService>? _channel;
    private readonly CallInvoker<TService>? _next;
    private readonly ICallPipeline? _pipeline;

    /// <summary>
    /// Initializes an invoker that calls an inner client. Single methods get new circuit breakers, with the settings of
    /// the given one.
    /// </summary>
    /// <param name="service">The service.</param>
    /// <param name="inner">The inner client.</param>
    /// <param name="circuitBreaker">The circuit breaker of the service.</param>
    /// <param name="fallback">Handles the calls that are rejected; null for none.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public CallInvoker(ThriftService<TService> service, TService inner, CircuitBreaker circuitBreaker, TService? fallback)
        : this(service, Checked(inner), service.CreateCircuitBreakers(circuitBreaker, channel: null), fallback)
    {
    }

    /// <summary>
    /// Initializes an invoker that calls an inner client, with the circuit breakers that a function returns.
    /// </summary>
    /// <param name="service">The service.</param>
    /// <param name="inner">The inner client.</param>
    /// <param name="circuitBreakers">
    /// Returns the circuit breaker for the given settings. Called once for each circuit breaker.
    /// </param>
    /// <param name="fallback">Handles the calls that are rejected; null for none.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The function returned null.</exception>
    public CallInvoker(ThriftService<TService> service, TService inner, Func<CircuitBreakerOptions, CircuitBreaker> circuitBreakers, TService? fallback)
        : this(service, Checked(inner), service.CreateCircuitBreakers(circuitBreakers, channel: null), fallback)
    {
    }

    /// <summary>Initializes an invoker that calls a server over a channel, which it disposes.</summary>
    /// <param name="service">The service.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="circuitBreaker">
    /// The circuit breaker of the service; null for a new one with the settings of the attribute.
    /// </param>
    /// <param name="fallback">Handles the calls that are rejected; null for none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="channel"/> is null.</exception>
    /// <exception cref="ArgumentException">The probe timeout of a circuit breaker is shorter than a call.</exception>
    public CallInvoker(ThriftService<TService> service, ThriftChannel channel, CircuitBreaker? circuitBreaker, TService? fallback)
        : this(
            service,
            Checked(channel),
            circuitBreaker is null ? service.CreateCircuitBreakers(channel.Options) : service.CreateCircuitBreakers(circuitBreaker, channel.Options),
            fallback)
    {
    }

    /// <summary>
    /// Initializes an invoker that calls a server over a channel, which it disposes, with the circuit breakers that a
    /// function returns.
    /// </summary>
    /// <param name="service">The service.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="circuitBreakers">
    /// Returns the circuit breaker for the given settings. Called once for each circuit breaker. Null for new ones with
    /// these settings.
    /// </param>
    /// <param name="fallback">Handles the calls that are rejected; null for none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="channel"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The function returned null, or the probe timeout of a circuit breaker is shorter than a call.
    /// </exception>
    public CallInvoker(ThriftService<TService> service, ThriftChannel channel, Func<CircuitBreakerOptions, CircuitBreaker>? circuitBreakers, TService? fallback)
        : this(
            service,
            Checked(channel),
            circuitBreakers is null ? service.CreateCircuitBreakers(channel.Options) : service.CreateCircuitBreakers(circuitBreakers, channel.Options),
            fallback)
    {
    }

    private CallInvoker(ThriftService<TService> service, TService inner, CircuitBreaker?[] circuitBreakers, TService? fallback)
        => (_service, _inner, _circuitBreakers, _fallback) = (service, inner, circuitBreakers, fallback);

    private CallInvoker(ThriftService<TService> service, ThriftChannel channel, CircuitBreaker?[] circuitBreakers, TService? fallback)
        => (_service, _channel, _circuitBreakers, _fallback) = (service, new ChannelCore<TService>(channel, service.CreateClient!), circuitBreakers, fallback);

    private CallInvoker(CallInvoker<TService> next, ICallPipeline pipeline)
        => (_service, _next, _pipeline, _circuitBreakers) = (next._service, next, pipeline, next._circuitBreakers);

    /// <summary>Gets the inner client, for the members that are not calls.</summary>
    /// <exception cref="InvalidOperationException">
    /// The invoker calls a server or a pipeline. Generated code has no such members then.
    /// </exception>
    public TService Inner => _inner ?? throw new InvalidOperationException("This client has no inner client.");

    /// <summary>Gets the circuit breaker of the methods that have none of their own.</summary>
    public CircuitBreaker ServiceCircuitBreaker => _circuitBreakers[1]!;

    /// <summary>
    /// Returns an invoker that makes the calls of this one through a pipeline. Its circuit breakers are those of this
    /// one.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="pipeline"/> is null.</exception>
    public CallInvoker<TService> WithPipeline(ICallPipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return new(this, pipeline);
    }

    /// <summary>Returns the circuit breaker of the method with this name.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="method"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The service has no such method, or its calls bypass the circuit breaker.
    /// </exception>
    public CircuitBreaker GetCircuitBreaker(string method) => _circuitBreakers[_service.GetCircuitBreakerIndex(method)]!;

    /// <summary>Disposes the inner client, if it is disposable, or the channel.</summary>
    public void Dispose()
    {
        switch (Owned)
        {
            case IDisposable disposable:
                DisposeWithoutContext(disposable);
                break;

            case IAsyncDisposable asyncDisposable:
                CallerContext.Run(asyncDisposable, static owned => owned.DisposeAsync()).AsTask().GetAwaiter().GetResult();
                break;
        }
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        if (Owned is IAsyncDisposable asyncDisposable)
        {
            return CallerContext.Run(asyncDisposable, static owned => owned.DisposeAsync());
        }

        if (Owned is IDisposable disposable)
        {
            DisposeWithoutContext(disposable);
        }

        return default;
    }

    /// <summary>An inner client can block on a task of its own, which must not wait for the context either.</summary>
    private static void DisposeWithoutContext(IDisposable owned) => CallerContext.Run(
        owned,
        static owned =>
        {
            owned.Dispose();
            return 0;
        });

    /// <summary>
    /// Leaves the synchronization context of the caller for a call whose arguments no lambda can carry, until the
    /// result is disposed.
    /// </summary>
#pragma warning disable CA1822 // Generated code calls members of the invoker only.
    public CallerContext LeaveContext() => CallerContext.Leave();
#pragma warning restore CA1822

    /// <summary>Asks for admission of a call whose arguments no lambda can carry.</summary>
    /// <returns>
    /// If false, the call must not be made: <paramref name="call"/> has the fallback, or the exception for the caller.
    /// </returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryEnter(ThriftMethod method, CancellationToken cancellationToken, out GuardedCall<TService> call)
    {
        var guard = CallGuard.Create(_circuitBreakers[method.CircuitBreakerIndex]!);
        var isAdmitted = guard.TryEnter(method, cancellationToken, out var ticket);
        call = new GuardedCall<TService>(guard, ticket, method, isAdmitted ? null : GetFallback(cancellationToken), cancellationToken);
        return isAdmitted;
    }

    private object Owned => _next?.Owned ?? (object?)_channel?.Channel ?? _inner!;

    /// <summary>
    /// Gets the fallback for a call that was not admitted; null if there is none, or if the caller has cancelled the
    /// call.
    /// </summary>
    private TService? GetFallback(CancellationToken cancellationToken) => cancellationToken.IsCancellationRequested ? null : _fallback;

    private static T Checked<T>(T value, [CallerArgumentExpression(nameof(value))] string? name = null)
        => value ?? throw new ArgumentNullException(name);
}
