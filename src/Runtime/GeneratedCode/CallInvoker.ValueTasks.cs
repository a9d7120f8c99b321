using System.Runtime.CompilerServices;

namespace ThriftBreaker.GeneratedCode;

#pragma warning disable CA1031 // What a call throws is in the task that its caller gets.

// Methods that return a value task. The method's name differs from that for tasks: a lambda would be bound for both.
public sealed partial class CallInvoker<TService>
{
    /// <inheritdoc cref="CallAsync{TArg, TResult}(ThriftMethod, TArg, Func{TService, TArg, CancellationToken, Task{TResult}}, CancellationToken)"/>
    public ValueTask<TResult> CallValueAsync<TArg, TResult>(
        ThriftMethod method, TArg arg, Func<TService, TArg, CancellationToken, ValueTask<TResult>> call, CancellationToken cancellationToken)
    {
        if (CallerContext.IsPresent)
        {
            return LeaveAndCallValueAsync(method, arg, call, cancellationToken);
        }

        var inner = Inner;
        if (_circuitBreakers[method.CircuitBreakerIndex] is not { } circuitBreaker)
        {
            return call(inner, arg, cancellationToken);
        }

        var guard = CallGuard.Create(circuitBreaker);
        if (!guard.TryEnter(method, cancellationToken, out var ticket))
        {
            return RejectValueAsync(guard, arg, call, cancellationToken);
        }

        try
        {
            return guard.Observe(ref ticket, call(inner, arg, cancellationToken), method, cancellationToken);
        }
        catch (Exception error)
        {
            return new(guard.Fail<TResult>(ref ticket, error, method, cancellationToken));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<TResult> LeaveAndCallValueAsync<TArg, TResult>(
        ThriftMethod method, TArg arg, Func<TService, TArg, CancellationToken, ValueTask<TResult>> call, CancellationToken cancellationToken)
        => CallerContext.Run(
            (Calls: this, Method: method, Arg: arg, Call: call, Token: cancellationToken),
            static call => call.Calls.CallValueAsync(call.Method, call.Arg, call.Call, call.Token));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<TResult> RejectValueAsync<TArg, TResult>(
        CallGuard guard, TArg arg, Func<TService, TArg, CancellationToken, ValueTask<TResult>> call, CancellationToken cancellationToken)
        => GetFallback(cancellationToken) is { } fallback ? call(fallback, arg, cancellationToken) : new(guard.Reject<TResult>(cancellationToken));

    /// <inheritdoc cref="CallAsync{TArg, TResult}(ThriftMethod, TArg, Func{TService, TArg, CancellationToken, Task{TResult}}, CancellationToken)"/>
    public ValueTask CallValueAsync<TArg>(
        ThriftMethod method, TArg arg, Func<TService, TArg, CancellationToken, ValueTask> call, CancellationToken cancellationToken)
    {
        if (CallerContext.IsPresent)
        {
            return LeaveAndCallValueAsync(method, arg, call, cancellationToken);
        }

        var inner = Inner;
        if (_circuitBreakers[method.CircuitBreakerIndex] is not { } circuitBreaker)
        {
            return call(inner, arg, cancellationToken);
        }

        var guard = CallGuard.Create(circuitBreaker);
        if (!guard.TryEnter(method, cancellationToken, out var ticket))
        {
            return RejectValueAsync(guard, arg, call, cancellationToken);
        }

        try
        {
            return guard.Observe(ref ticket, call(inner, arg, cancellationToken), method, cancellationToken);
        }
        catch (Exception error)
        {
            return new(guard.Fail(ref ticket, error, method, cancellationToken));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask LeaveAndCallValueAsync<TArg>(
        ThriftMethod method, TArg arg, Func<TService, TArg, CancellationToken, ValueTask> call, CancellationToken cancellationToken)
        => CallerContext.Run(
            (Calls: this, Method: method, Arg: arg, Call: call, Token: cancellationToken),
            static call => call.Calls.CallValueAsync(call.Method, call.Arg, call.Call, call.Token));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask RejectValueAsync<TArg>(
        CallGuard guard, TArg arg, Func<TService, TArg, CancellationToken, ValueTask> call, CancellationToken cancellationToken)
        => GetFallback(cancellationToken) is { } fallback ? call(fallback, arg, cancellationToken) : new(guard.Reject(cancellationToken));
}
