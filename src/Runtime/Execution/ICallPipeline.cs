namespace ThriftBreaker;

/// <summary>
/// Represents a pipeline around the protected calls of a client, which may make each of them more than once, such as a
/// pipeline of a resilience library. The circuit breaker is inside: it admits, rejects and classifies every attempt.
/// Implementations must be thread-safe.
/// </summary>
public interface ICallPipeline
{
    /// <summary>Makes one call of a client: once, again after a failure, or not at all.</summary>
    /// <typeparam name="TState">
    /// The type of the state of an attempt, passed on so that nothing has to be captured.
    /// </typeparam>
    /// <typeparam name="TResult">The type of the result; a method without one has a value that is not used.</typeparam>
    /// <param name="method">The method that is called: its name, and whether the server may get the call twice.</param>
    /// <param name="state">Passed to each attempt.</param>
    /// <param name="attempt">
    /// Makes one attempt. Its token must be cancelled no later than <paramref name="cancellationToken"/>.
    /// </param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>The result for the caller.</returns>
    Task<TResult> ExecuteAsync<TState, TResult>(
        ThriftMethod method, TState state, Func<TState, CancellationToken, Task<TResult>> attempt, CancellationToken cancellationToken);
}
