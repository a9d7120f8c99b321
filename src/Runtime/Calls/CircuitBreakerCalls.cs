using ThriftBreaker.Calls;

namespace ThriftBreaker;

/// <summary>Makes any call through a circuit, where no generated client does it.</summary>
/// <remarks>
/// What the call throws reaches the caller as it is. It counts as <see cref="CallOutcome.Failure"/> unless it is a declared
/// Thrift exception, a cancellation that the caller asked for, or another of the cases that say nothing against the service.
/// A rejected call throws <see cref="CircuitOpenException"/>, and the delegate does not run.
/// </remarks>
public static class CircuitBreakerCalls
{
    /// <summary>Makes a call that returns nothing. For one that returns a task use <see cref="ExecuteAsync"/>, which sees its end.</summary>
    /// <exception cref="CircuitOpenException">The circuit rejected the call.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static void Execute(this CircuitBreaker breaker, Action call)
    {
        ArgumentNullException.ThrowIfNull(breaker);
        ArgumentNullException.ThrowIfNull(call);

        var ticket = GuardedCall.Enter(breaker, CancellationToken.None);
        try
        {
            call();
        }
        catch (Exception error) when (GuardedCall.Failed(breaker, ref ticket, error, method: null, CancellationToken.None))
        {
            throw GuardedCall.Tripped(breaker, error);
        }

        GuardedCall.Returned(ref ticket, method: null);
    }

    /// <summary>Makes a call that returns a result. For one that returns a task use <see cref="ExecuteAsync{T}"/>, which sees its end.</summary>
    /// <exception cref="CircuitOpenException">The circuit rejected the call.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The call returns a task: it would count as a success before it has ended. It is not made.</exception>
    public static T Execute<T>(this CircuitBreaker breaker, Func<T> call)
    {
        ArgumentNullException.ThrowIfNull(breaker);
        ArgumentNullException.ThrowIfNull(call);
        if (Result<T>.IsTask)
        {
            throw new ArgumentException("The call returns a task, whose outcome is not known when it returns: use ExecuteAsync.", nameof(call));
        }

        var ticket = GuardedCall.Enter(breaker, CancellationToken.None);
        T result;
        try
        {
            result = call();
        }
        catch (Exception error) when (GuardedCall.Failed(breaker, ref ticket, error, method: null, CancellationToken.None))
        {
            throw GuardedCall.Tripped(breaker, error);
        }

        GuardedCall.Returned(ref ticket, method: null);
        return result;
    }

    /// <summary>Makes an asynchronous call and watches it to its end.</summary>
    /// <param name="breaker">The circuit.</param>
    /// <param name="call">The call; it gets <paramref name="cancellationToken"/>.</param>
    /// <param name="cancellationToken">The caller's token: a call that ends because of it says nothing about the service.</param>
    /// <exception cref="CircuitOpenException">The circuit rejected the call; in the task.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static Task ExecuteAsync(
        this CircuitBreaker breaker, Func<CancellationToken, Task> call, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(breaker);
        ArgumentNullException.ThrowIfNull(call);

        if (!GuardedCall.TryEnter(breaker, cancellationToken, out var ticket))
        {
            return GuardedCall.Reject(breaker, cancellationToken);
        }

        try
        {
            return GuardedCall.Observe(breaker, ref ticket, call(cancellationToken), method: null, cancellationToken);
        }
#pragma warning disable CA1031 // Whatever the call threw is in the task that the caller gets.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return GuardedCall.Fail(breaker, ref ticket, error, method: null, cancellationToken);
        }
    }

    /// <inheritdoc cref="ExecuteAsync"/>
    public static Task<T> ExecuteAsync<T>(
        this CircuitBreaker breaker, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(breaker);
        ArgumentNullException.ThrowIfNull(call);

        if (!GuardedCall.TryEnter(breaker, cancellationToken, out var ticket))
        {
            return GuardedCall.Reject<T>(breaker, cancellationToken);
        }

        try
        {
            return GuardedCall.Observe(breaker, ref ticket, call(cancellationToken), method: null, cancellationToken);
        }
#pragma warning disable CA1031 // Whatever the call threw is in the task that the caller gets.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return GuardedCall.Fail<T>(breaker, ref ticket, error, method: null, cancellationToken);
        }
    }

    private static class Result<T>
    {
        public static readonly bool IsTask =
            typeof(T).IsAssignableTo(typeof(Task)) || typeof(T) == typeof(ValueTask) ||
            (typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == typeof(ValueTask<>));
    }
}
