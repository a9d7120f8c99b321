namespace ThriftBreaker.GeneratedCode;

#pragma warning disable CA1031 // What a call throws is in the task that its caller gets.

// Calls over a channel or a pipeline, and those that leave the context of their caller. Only methods that return a task
// can be called over a channel or a pipeline.
public sealed partial class CallInvoker<TService>
{
    private Task<TResult> CallAsync<TResult>(ThriftMethod method, BoundCall<TService, TResult> call, CancellationToken cancellationToken)
    {
        if (CallerContext.IsPresent)
        {
            return CallerContext.Run(
                (Calls: this, Method: method, Call: call, Token: cancellationToken),
                static call => call.Calls.CallAsync(call.Method, call.Call, call.Token));
        }

        if (_pipeline is { } pipeline)
        {
            return pipeline.ExecuteAsync(
                method,
                (Next: _next!, Method: method, Call: call),
                static (state, token) => state.Next.CallAsync(state.Method, state.Call, token),
                cancellationToken);
        }

        if (_circuitBreakers[method.CircuitBreakerIndex] is not { } circuitBreaker)
        {
            return SendAsync(method, call, cancellationToken);
        }

        var guard = CallGuard.Create(circuitBreaker);
        if (!guard.TryEnter(method, cancellationToken, out var ticket))
        {
            return GetFallback(cancellationToken) is { } fallback ? call.InvokeAsync(fallback, cancellationToken) : guard.Reject<TResult>(cancellationToken);
        }

        try
        {
            return guard.Observe(ref ticket, SendAsync(method, call, cancellationToken), method, cancellationToken);
        }
        catch (Exception error)
        {
            return guard.Fail<TResult>(ref ticket, error, method, cancellationToken);
        }
    }

    private Task<TResult> SendAsync<TResult>(ThriftMethod method, BoundCall<TService, TResult> call, CancellationToken cancellationToken)
        => _inner is { } inner ? call.InvokeAsync(inner, cancellationToken) : _channel!.CallAsync(method, call, cancellationToken);
}
