namespace ThriftBreaker;

/// <summary>
/// Stands around the guarded calls of a client, and may make each of them more than once: a pipeline of a resilience library. The circuit is inside:
/// it admits, rejects and judges every try. Must be thread-safe.
/// </summary>
public interface ICallPipeline
{
    /// <summary>Makes one call of a client: once, again after a failure, or not at all.</summary>
    /// <typeparam name="TState">What a try needs, handed through so that nothing has to be captured.</typeparam>
    /// <typeparam name="TResult">The result; a method without one has a value that nobody reads.</typeparam>
    /// <param name="method">The method that is called: its name, and whether the server may get the call twice.</param>
    /// <param name="state">Is handed to each try.</param>
    /// <param name="attempt">Makes one try, on a token that is cancelled at the latest when the caller's is.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>What the caller gets.</returns>
    Task<TResult> ExecuteAsync<TState, TResult>(
        ThriftMethod method, TState state, Func<TState, CancellationToken, Task<TResult>> attempt, CancellationToken cancellationToken);
}
