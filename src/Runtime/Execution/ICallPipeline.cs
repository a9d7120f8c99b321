namespace ThriftBreaker;

/// <summary>
/// Wraps the calls of a client, for example with a pipeline of a resilience library, and may attempt each of them more
/// than once. The circuit breakers are inside: they admit or reject each attempt and record its outcome.
/// Implementations must be thread-safe.
/// </summary>
public interface ICallPipeline
{
    /// <summary>Makes one call of a client: with one attempt, with several, or with none.</summary>
    /// <typeparam name="TState">The state of an attempt, passed through so that no lambda captures it.</typeparam>
    /// <typeparam name="TResult">
    /// The result. A method without a result has one that its caller does not get.
    /// </typeparam>
    /// <param name="method">The method: its name, and whether the server may get the call twice.</param>
    /// <param name="state">The state to pass to each attempt.</param>
    /// <param name="attempt">
    /// Makes one attempt. Its token must be cancelled no later than <paramref name="cancellationToken"/>.
    /// </param>
    /// <param name="cancellationToken">The token of the caller.</param>
    /// <returns>The result for the caller.</returns>
    Task<TResult> ExecuteAsync<TState, TResult>(
        ThriftMethod method, TState state, Func<TState, CancellationToken, Task<TResult>> attempt, CancellationToken cancellationToken);
}
