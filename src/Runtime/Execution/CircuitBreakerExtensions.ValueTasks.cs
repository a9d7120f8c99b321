namespace ThriftBreaker;

// Calls that return a value task. They have another name, because an async lambda would match both overloads.
public static partial class CircuitBreakerExtensions
{
    /// <summary>
    /// Makes an asynchronous call that returns a value task, and observes it to its end. Consume the result once, as
    /// any value task.
    /// </summary>
    /// <inheritdoc cref="ExecuteAsync"/>
    public static ValueTask ExecuteValueTaskAsync(
        this CircuitBreaker circuitBreaker, Func<CancellationToken, ValueTask> call, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        return ExecuteValueTaskAsync(circuitBreaker, call, static (call, token) => call(token), cancellationToken);
    }

    /// <inheritdoc cref="ExecuteValueTaskAsync"/>
    public static ValueTask<T> ExecuteValueTaskAsync<T>(
        this CircuitBreaker circuitBreaker, Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        return ExecuteValueTaskAsync(circuitBreaker, call, static (call, token) => call(token), cancellationToken);
    }

    /// <summary>
    /// Makes an asynchronous call that returns a value task, with a state instead of captured variables, and observes
    /// it to its end. Consume the result once, as any value task.
    /// </summary>
    /// <inheritdoc cref="ExecuteAsync{TState}(CircuitBreaker, TState, Func{TState, CancellationToken, Task}, CancellationToken)"/>
    public static ValueTask ExecuteValueTaskAsync<TState>(
        this CircuitBreaker circuitBreaker, TState state, Func<TState, CancellationToken, ValueTask> call, CancellationToken cancellationToken = default)
    {
        var guard = new CallGuard(circuitBreaker);
        ArgumentNullException.ThrowIfNull(call);

        if (!guard.TryEnter(method: null, cancellationToken, out var ticket))
        {
            return new(guard.Reject(cancellationToken));
        }

        try
        {
            return guard.Observe(ref ticket, call(state, cancellationToken), method: null, cancellationToken);
        }
#pragma warning disable CA1031 // The caller gets any exception in the task.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return new(guard.Fail(ref ticket, error, method: null, cancellationToken));
        }
    }

    /// <inheritdoc cref="ExecuteValueTaskAsync{TState}(CircuitBreaker, TState, Func{TState, CancellationToken, ValueTask}, CancellationToken)"/>
    public static ValueTask<T> ExecuteValueTaskAsync<TState, T>(
        this CircuitBreaker circuitBreaker, TState state, Func<TState, CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken = default)
    {
        var guard = new CallGuard(circuitBreaker);
        ArgumentNullException.ThrowIfNull(call);

        if (!guard.TryEnter(method: null, cancellationToken, out var ticket))
        {
            return new(guard.Reject<T>(cancellationToken));
        }

        try
        {
            return guard.Observe(ref ticket, call(state, cancellationToken), method: null, cancellationToken);
        }
#pragma warning disable CA1031 // The caller gets any exception in the task.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return new(guard.Fail<T>(ref ticket, error, method: null, cancellationToken));
        }
    }
}
