namespace ThriftBreaker;

/// <summary>Makes the calls of a guarded client by way of a pipeline.</summary>
/// <param name="guarded">The client, with its circuits.</param>
/// <param name="pipeline">Stands around it.</param>
internal sealed class PipelineCalls<TClient>(TClient guarded, ICallPipeline pipeline)
    where TClient : class
{
    public Task<TResult> CallAsync<TArguments, TResult>(
        ThriftMethod method, TArguments arguments, Func<TClient, TArguments, CancellationToken, Task<TResult>> call, CancellationToken cancellationToken)
        => pipeline.ExecuteAsync(method, (guarded, arguments, call), static (one, token) => one.call(one.guarded, one.arguments, token), cancellationToken);
}
