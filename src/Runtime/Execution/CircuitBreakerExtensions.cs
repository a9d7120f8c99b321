namespace ThriftBreaker;

/// <summary>
/// Provides methods that make any call through a circuit breaker, for code without a generated client.
/// </summary>
/// <remarks>
/// <para>
/// Exceptions of the call reach the caller unchanged. They count as <see cref="CallOutcome.Failure"/>, except declared
/// Thrift exceptions, cancellations by the caller, and the other cases that do not indicate a failure of the service. A
/// rejected call throws <see cref="CircuitOpenException"/>, and the delegate does not run.
/// </para>
/// <para>
/// Cost: a call on a healthy circuit that completes synchronously allocates nothing here. The overloads with a state
/// avoid what a lambda that captures variables allocates: <c>circuitBreaker.Execute(orders, static orders =>
/// orders.Count())</c>. A call that completes later allocates one state machine besides the call's; with a pooled value
/// task that is reused.
/// </para>
/// </remarks>
public static partial class CircuitBreakerExtensions
{
    /// <summary>
    /// Makes a call that returns nothing. For one that returns a task use <see cref="ExecuteAsync"/>, which observes
    /// its end.
    /// </summary>
    /// <exception cref="CircuitOpenException">The circuit breaker rejected the call.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static void Execute(this CircuitBreaker circuitBreaker, Action call)
    {
        ArgumentNullException.ThrowIfNull(call);
        Execute(circuitBreaker, call, static call => call());
    }

    /// <summary>
    /// Makes a call that returns a result. For one that returns a task use <see cref="ExecuteAsync{T}(CircuitBreaker,
    /// Func{CancellationToken, Task{T}}, CancellationToken)"/>, which observes its end.
    /// </summary>
    /// <exception cref="CircuitOpenException">The circuit breaker rejected the call.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// The call returns a task or a stream, which would count as a success before its end. The call is not made.
    /// </exception>
    public static T Execute<T>(this CircuitBreaker circuitBreaker, Func<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return Execute(circuitBreaker, call, static call => call());
    }

    /// <summary>Makes a call that returns nothing, with a state instead of captured variables.</summary>
    /// <param name="circuitBreaker">The circuit breaker.</param>
    /// <param name="state">Passed to the call.</param>
    /// <param name="call">The call; a static lambda allocates nothing.</param>
    /// <inheritdoc cref="Execute(CircuitBreaker, Action)"/>
    public static void Execute<TState>(this CircuitBreaker circuitBreaker, TState state, Action<TState> call)
    {
        var guard = new CallGuard(circuitBreaker);
        ArgumentNullException.ThrowIfNull(call);

        var ticket = guard.Enter(method: null, CancellationToken.None);
        try
        {
            call(state);
        }
        catch (Exception error)
        {
            guard.Threw(ref ticket, error, method: null, CancellationToken.None);
            throw;
        }

        guard.Returned(ref ticket, method: null);
    }

    /// <summary>Makes a call that returns a result, with a state instead of captured variables.</summary>
    /// <inheritdoc cref="Execute{TState}(CircuitBreaker, TState, Action{TState})"/>
    /// <exception cref="ArgumentException">
    /// The call returns a task or a stream, which would count as a success before its end. The call is not made.
    /// </exception>
    public static T Execute<TState, T>(this CircuitBreaker circuitBreaker, TState state, Func<TState, T> call)
    {
        ArgumentNullException.ThrowIfNull(circuitBreaker);
        ArgumentNullException.ThrowIfNull(call);
        if (Result<T>.IsTask)
        {
            throw new ArgumentException("The call returns a task, whose outcome is not known when it returns: use ExecuteAsync.", nameof(call));
        }

        if (Result<T>.IsStream)
        {
            throw new ArgumentException("The call returns a stream, whose outcome is not known before it has been read: read it within ExecuteAsync.", nameof(call));
        }

        var guard = new CallGuard(circuitBreaker);
        var ticket = guard.Enter(method: null, CancellationToken.None);
        T result;
        try
        {
            result = call(state);
        }
        catch (Exception error)
        {
            guard.Threw(ref ticket, error, method: null, CancellationToken.None);
            throw;
        }

        guard.Returned(ref ticket, method: null, result);
        return result;
    }

    private static class Result<T>
    {
        public static readonly bool IsTask =
            typeof(T).IsAssignableTo(typeof(Task)) || typeof(T) == typeof(ValueTask) ||
            IsConstructedFrom(typeof(ValueTask<>));

        public static readonly bool IsStream = IsConstructedFrom(typeof(IAsyncEnumerable<>));

        private static bool IsConstructedFrom(Type definition) => typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == definition;
    }
}
