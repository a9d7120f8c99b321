using Polly;

namespace ThriftBreaker.Resilience;

/// <summary>Makes the calls of a client by way of a pipeline of Polly's.</summary>
internal sealed class PollyPipeline(ResiliencePipeline pipeline) : ICallPipeline
{
    /// <summary>Which method a strategy is asked about; none where the pipeline is not around a client.</summary>
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
