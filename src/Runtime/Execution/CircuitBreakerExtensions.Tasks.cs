namespace ThriftBreaker;

// Calls that return a task.
public static partial class CircuitBreakerExtensions
{
    /// <summary>Makes an asynchronous call and observes it to its end.</summary>
    /// <param name="circuitBreaker">The circuit breaker.</param>
    /// <param name="call">The call; it gets <paramref name="cancellationToken"/>.</param>
    /// <param name="cancellationToken">
    /// The caller's token: a call that it cancels says nothing about the service.
    /// </param>
    /// <exception cref="CircuitOpenException">The circuit breaker rejected the call; in the task.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static Task ExecuteAsync(
        this CircuitBreaker circuitBreaker, Func<CancellationToken, Task> call, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        return ExecuteAsync(circuitBreaker, call, static (call, token) => call(token), cancellationToken);
    }

    /// <inheritdoc cref="ExecuteAsync"/>
    public static Task<T> ExecuteAsync<T>(
        this CircuitBreaker circuitBreaker, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        return ExecuteAsync(circuitBreaker, call, static (call, token) => call(token), cancellationToken);
    }

    /// <summary>
    /// Makes an asynchronous call, with a state instead of captured variables, and observes it to its end.
    /// </summary>
    /// <param name="circuitBreaker">The circuit breaker.</param>
    /// <param name="state">Passed to the call.</param>
    /// <param name="call">
    /// The call; it gets the state and <paramref name="cancellationToken"/>. A static lambda allocates nothing.
    /// </param>
    /// <param name="cancellationToken">
    /// The caller's token: a call that it cancels says nothing about the service.
    /// </param>
    /// <exception cref="CircuitOpenException">The circuit breaker rejected the call; in the task.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static Task ExecuteAsync<TState>(
        this CircuitBreaker circuitBreaker, TState state, Func<TState, CancellationToken, Task> call, CancellationToken cancellationToken = default)
    {
        var guard = new CallGuard(circuitBreaker);
        ArgumentNullException.ThrowIfNull(call);

        if (!guard.TryEnter(method: null, cancellationToken, out var ticket))
        {
            return guard.Reject(cancellationToken);
        }

        try
        {
            return guard.Observe(ref ticket, call(state, cancellationToken), method: null, cancellationToken);
        }
#pragma warning disable CA1031 // The caller gets any exception in the task.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return guard.Fail(ref ticket, error, method: null, cancellationToken);
        }
    }

    /// <inheritdoc cref="ExecuteAsync{TState}(CircuitBreaker, TState, Func{TState, CancellationToken, Task}, CancellationToken)"/>
    public static Task<T> ExecuteAsync<TState, T>(
        this CircuitBreaker circuitBreaker, TState state, Func<TState, CancellationToken, Task<T>> call, CancellationToken cancellationToken = default)
    {
        var guard = new CallGuard(circuitBreaker);
        ArgumentNullException.ThrowIfNull(call);

        if (!guard.TryEnter(method: null, cancellationToken, out var ticket))
        {
            return guard.Reject<T>(cancellationToken);
        }

        try
        {
            return guard.Observe(ref ticket, call(state, cancellationToken), method: null, cancellationToken);
        }
#pragma warning disable CA1031 // The caller gets any exception in the task.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return guard.Fail<T>(ref ticket, error, method: null, cancellationToken);
        }
    }
}
