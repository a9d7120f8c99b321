namespace ThriftBreaker;

/// <summary>Makes any call through a circuit, where no generated client does it.</summary>
/// <remarks>
/// <para>
/// What the call throws reaches the caller as it is. It counts as <see cref="CallOutcome.Failure"/> unless it is a declared
/// Thrift exception, a cancellation that the caller asked for, or another of the cases that say nothing against the service.
/// A rejected call throws <see cref="CircuitOpenException"/>, and the delegate does not run.
/// </para>
/// <para>
/// Cost: a call on a healthy circuit that is done at once allocates nothing here. What the compiler allocates for a lambda
/// that captures variables, the overloads with a state spare: <c>breaker.Execute(orders, static orders => orders.Count())</c>.
/// A call that ends later costs one state machine more than the call itself, none that is kept with a pooled value task.
/// </para>
/// </remarks>
public static partial class CircuitBreakerExtensions
{
    /// <summary>Makes a call that returns nothing. For one that returns a task use <see cref="ExecuteAsync"/>, which sees its end.</summary>
    /// <exception cref="CircuitOpenException">The circuit rejected the call.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static void Execute(this CircuitBreaker breaker, Action call)
    {
        ArgumentNullException.ThrowIfNull(call);
        Execute(breaker, call, static call => call());
    }

    /// <summary>Makes a call that returns a result. For one that returns a task use <see cref="ExecuteAsync{T}(CircuitBreaker, Func{CancellationToken, Task{T}}, CancellationToken)"/>, which sees its end.</summary>
    /// <exception cref="CircuitOpenException">The circuit rejected the call.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The call returns a task or a stream: it would count as a success before it has ended. It is not made.</exception>
    public static T Execute<T>(this CircuitBreaker breaker, Func<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return Execute(breaker, call, static call => call());
    }

    /// <summary>Makes a call that returns nothing, with a state instead of captured variables.</summary>
    /// <param name="breaker">The circuit.</param>
    /// <param name="state">Handed to the call.</param>
    /// <param name="call">The call; a static lambda allocates nothing.</param>
    /// <inheritdoc cref="Execute(CircuitBreaker, Action)"/>
    public static void Execute<TState>(this CircuitBreaker breaker, TState state, Action<TState> call)
    {
        var guard = new CallGuard(breaker);
        ArgumentNullException.ThrowIfNull(call);

        var ticket = guard.Enter(method: null, CancellationToken.None);
        try
        {
            call(state);
        }
        catch (Exception error) when (guard.Failed(ref ticket, error, method: null, CancellationToken.None))
        {
            throw guard.Tripped(error);
        }

        guard.Returned(ref ticket, method: null);
    }

    /// <summary>Makes a call that returns a result, with a state instead of captured variables.</summary>
    /// <inheritdoc cref="Execute{TState}(CircuitBreaker, TState, Action{TState})"/>
    /// <exception cref="ArgumentException">The call returns a task or a stream: it would count as a success before it has ended. It is not made.</exception>
    public static T Execute<TState, T>(this CircuitBreaker breaker, TState state, Func<TState, T> call)
    {
        ArgumentNullException.ThrowIfNull(breaker);
        ArgumentNullException.ThrowIfNull(call);
        if (Result<T>.IsTask)
        {
            throw new ArgumentException("The call returns a task, whose outcome is not known when it returns: use ExecuteAsync.", nameof(call));
        }

        if (Result<T>.IsStream)
        {
            throw new ArgumentException("The call returns a stream, whose outcome is not known before it has been read: read it within ExecuteAsync.", nameof(call));
        }

        var guard = new CallGuard(breaker);
        var ticket = guard.Enter(method: null, CancellationToken.None);
        T result;
        try
        {
            result = call(state);
        }
        catch (Exception error) when (guard.Failed(ref ticket, error, method: null, CancellationToken.None))
        {
            throw guard.Tripped(error);
        }

        guard.Returned(ref ticket, method: null, result);
        return result;
    }

    private static class Result<T>
    {
        public static readonly bool IsTask =
            typeof(T).IsAssignableTo(typeof(Task)) || typeof(T) == typeof(ValueTask) ||
            IsOf(typeof(ValueTask<>));

        public static readonly bool IsStream = IsOf(typeof(IAsyncEnumerable<>));

        private static bool IsOf(Type definition) => typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == definition;
    }
}
