namespace ThriftBreaker;

/// <summary>
/// Invokes user callbacks: event handlers, classifiers, predicates, generators, clocks, meter listeners. A callback
/// that throws must not change the call during which it runs. Its exception goes to a report and no further.
/// </summary>
/// <remarks>
/// Callbacks get a state instead of captured variables, so that static lambdas allocate nothing. The report must not
/// throw; <see cref="CircuitBreaker.Report"/> does not.
/// </remarks>
internal static class UserCallback
{
    /// <summary>Invokes a callback.</summary>
    /// <param name="state">Passed to the callback.</param>
    /// <param name="callback">The callback.</param>
    /// <param name="report">Gets the exception; null drops it.</param>
    /// <returns>False if the callback threw.</returns>
    public static bool TryInvoke<TState>(TState state, Action<TState> callback, Action<Exception>? report)
    {
        try
        {
            callback(state);
            return true;
        }
#pragma warning disable CA1031 // Callbacks may throw anything.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            report?.Invoke(exception);
            return false;
        }
    }

    /// <summary>Invokes a callback that returns a result.</summary>
    /// <param name="state">Passed to the callback.</param>
    /// <param name="callback">The callback.</param>
    /// <param name="fallback">The result if the callback throws.</param>
    /// <param name="report">Gets the exception; null drops it.</param>
    public static TResult Invoke<TState, TResult>(TState state, Func<TState, TResult> callback, TResult fallback, Action<Exception>? report)
    {
        try
        {
            return callback(state);
        }
#pragma warning disable CA1031 // Callbacks may throw anything.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            report?.Invoke(exception);
            return fallback;
        }
    }

    /// <summary>
    /// Invokes each handler of an event, in the order in which they were added, also after one that threw.
    /// </summary>
    /// <param name="handlers">The handlers; null for none.</param>
    /// <param name="sender">The sender.</param>
    /// <param name="args">The data of the event.</param>
    /// <param name="report">Gets the exceptions; null drops them.</param>
    public static void Raise<T>(EventHandler<T>? handlers, object? sender, T args, Action<Exception>? report)
    {
        foreach (var handler in (handlers?.GetInvocationList() ?? []).Cast<EventHandler<T>>())
        {
            _ = TryInvoke((handler, sender, args), static raised => raised.handler(raised.sender, raised.args), report);
        }
    }
}
