using Polly;

namespace ThriftBreaker.Resilience;

/// <summary>Executes the calls of a client in a Polly pipeline.</summary>
internal sealed class PollyPipeline(ResiliencePipeline pipeline) : ICallPipeline
{
    /// <summary>
    /// The method that is called. The property is not set where the pipeline is not that of a client.
    /// </summary>
    public static readonly ResiliencePropertyKey<ThriftMethod?> Method = new("ThriftBreaker.Method");

    public async Task<TResult> ExecuteAsync<TState, TResult>(
        ThriftMethod method, TState state, Func<TState, CancellationToken, Task<TResult>> attempt, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(method.QualifiedName, cancellationToken);
        context.Properties.Set(Method, method);
        try
        {
            return await pipeline.ExecuteAsync(
                static async (context, call) => await call.attempt(call.state, context.CancellationToken).ConfigureAwait(false), context, (attempt, state)).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }
}
