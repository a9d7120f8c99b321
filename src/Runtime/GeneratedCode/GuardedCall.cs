using System.ComponentModel;

namespace ThriftBreaker.GeneratedCode;

/// <summary>
/// Represents one call of a method whose arguments or result no lambda can carry: <c>ref</c>, <c>in</c> and <c>out</c>
/// parameters, ref structs. Used by generated code.
/// </summary>
/// <typeparam name="TService">The interface of the service.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct GuardedCall<TService>
    where TService : class
{
    private readonly CallGuard _guard;
    private readonly ThriftMethod _method;
    private readonly CancellationToken _cancellationToken;
    private CallTicket _ticket;

    internal GuardedCall(CallGuard guard, CallTicket ticket, ThriftMethod method, TService? fallback, CancellationToken cancellationToken)
        => (_guard, _ticket, _method, Fallback, _cancellationToken) = (guard, ticket, method, fallback, cancellationToken);

    /// <summary>
    /// Gets the service that handles the rejected call; null if there is none, or if the caller has cancelled the call.
    /// </summary>
    public TService? Fallback { get; }

    /// <summary>Returns the service that handles the rejected call.</summary>
    /// <exception cref="CircuitOpenException">There is none.</exception>
    /// <exception cref="OperationCanceledException">The caller has cancelled the call.</exception>
    public readonly TService GetRequiredFallback() => Fallback ?? throw _guard.Rejection(_cancellationToken);

    /// <summary>Creates the task of a rejected call.</summary>
    public readonly Task Reject() => _guard.Reject(_cancellationToken);

    /// <inheritdoc cref="Reject"/>
    public readonly Task<T> Reject<T>() => _guard.Reject<T>(_cancellationToken);

    /// <summary>Records the outcome of a call when it completes. The returned task completes after that.</summary>
    public Task Observe(Task call) => _guard.Observe(ref _ticket, call, _method, _cancellationToken);

    /// <inheritdoc cref="Observe(Task)"/>
    public Task<T> Observe<T>(Task<T> call) => _guard.Observe(ref _ticket, call, _method, _cancellationToken);

    /// <inheritdoc cref="Observe(Task)"/>
    public ValueTask Observe(ValueTask call) => _guard.Observe(ref _ticket, call, _method, _cancellationToken);

    /// <inheritdoc cref="Observe(Task)"/>
    public ValueTask<T> Observe<T>(ValueTask<T> call) => _guard.Observe(ref _ticket, call, _method, _cancellationToken);

    /// <summary>Creates the task of a call that threw instead of returning a task, and records its outcome.</summary>
    public Task Fail(Exception error) => _guard.Fail(ref _ticket, error, _method, _cancellationToken);

    /// <inheritdoc cref="Fail"/>
    public Task<T> Fail<T>(Exception error) => _guard.Fail<T>(ref _ticket, error, _method, _cancellationToken);

    /// <summary>Records the outcome of a synchronous call that returned without a result.</summary>
    public void Returned() => _guard.Returned(ref _ticket, _method);

    /// <summary>Records the outcome of a synchronous call that returned a result.</summary>
    public void Returned<T>(T result) => _guard.Returned(ref _ticket, _method, result);

    /// <summary>
    /// Records the outcome of a synchronous call that threw, in its catch clause, which then rethrows the exception.
    /// </summary>
    /// <exception cref="CircuitOpenException">
    /// The call opened the circuit, and its caller gets this exception, with its own one inside.
    /// </exception>
    public void Failed(Exception error) => _guard.Threw(ref _ticket, error, _method, _cancellationToken);
}
