using System.Runtime.CompilerServices;

namespace ThriftBreaker.GeneratedCode;

// Synchronous methods, and methods that return a stream.
public sealed partial class CallInvoker<TService>
{
    /// <inheritdoc cref="CallAsync{TArg, TResult}(ThriftMethod, TArg, Func{TService, TArg, CancellationToken, Task{TResult}}, CancellationToken)"/>
    public TResult Call<TArg, TResult>(
        ThriftMethod method, TArg arg, Func<TService, TArg, CancellationToken, TResult> call, CancellationToken cancellationToken)
    {
        if (CallerContext.IsPresent)
        {
            return LeaveAndCall(method, arg, call, cancellationToken);
        }

        var inner = Inner;
        if (_circuitBreakers[method.CircuitBreakerIndex] is not { } circuitBreaker)
        {
            return call(inner, arg, cancellationToken);
        }

        var guard = CallGuard.Create(circuitBreaker);
        if (!guard.TryEnter(method, cancellationToken, out var ticket))
        {
            return Reject(guard, arg, call, cancellationToken);
        }

        TResult result;
        try
        {
            result = call(inner, arg, cancellationToken);
        }
        catch (Exception error)
        {
            guard.Threw(ref ticket, error, method, cancellationToken);
            throw;
        }

        guard.Returned(ref ticket, method, result);
        return result;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private TResult LeaveAndCall<TArg, TResult>(
        ThriftMethod method, TArg arg, Func<TService, TArg, CancellationToken, TResult> call, CancellationToken cancellationToken)
        => CallerContext.Run(
            (Calls: this, Method: method, Arg: arg, Call: call, Token: cancellationToken),
            static call => call.Calls.Call(call.Method, call.Arg, call.Call, call.Token));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private TResult Reject<TArg, TResult>(
        CallGuard guard, TArg arg, Func<TService, TArg, CancellationToken, TResult> call, CancellationToken cancellationToken)
        => call(GetFallback(cancellationToken) ?? throw guard.Rejection(cancellationToken), arg, cancellationToken);

    /// <inheritdoc cref="CallAsync{TArg, TResult}(ThriftMethod, TArg, Func{TService, TArg, CancellationToken, Task{TResult}}, CancellationToken)"/>
    public void Call<TArg>(
        ThriftMethod method, TArg arg, Action<TService, TArg, CancellationToken> call, CancellationToken cancellationToken)
    {
        if (CallerContext.IsPresent)
        {
            LeaveAndCall(method, arg, call, cancellationToken);
            return;
        }

        var inner = Inner;
        if (_circuitBreakers[method.CircuitBreakerIndex] is not { } circuitBreaker)
        {
            call(inner, arg, cancellationToken);
            return;
        }

        var guard = CallGuard.Create(circuitBreaker);
        if (!guard.TryEnter(method, cancellationToken, out var ticket))
        {
            Reject(guard, arg, call, cancellationToken);
            return;
        }

        try
        {
            call(inner, arg, cancellationToken);
        }
        catch (Exception error)
        {
            guard.Threw(ref ticket, error, method, cancellationToken);
            throw;
        }

        guard.Returned(ref ticket, method);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void LeaveAndCall<TArg>(
        ThriftMethod method, TArg arg, Action<TService, TArg, CancellationToken> call, CancellationToken cancellationToken)
        => CallerContext.Run(
            (Calls: this, Method: method, Arg: arg, Call: call, Token: cancellationToken),
            static call =>
            {
                call.Calls.Call(call.Method, call.Arg, call.Call, call.Token);
                return NoResult.Instance;
            });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Reject<TArg>(
        CallGuard guard, TArg arg, Action<TService, TArg, CancellationToken> call, CancellationToken cancellationToken)
        => call(GetFallback(cancellationToken) ?? throw guard.Rejection(cancellationToken), arg, cancellationToken);

    /// <summary>Makes a call whose result is a stream. Each enumeration of the stream is a call.</summary>
    /// <inheritdoc cref="CallAsync{TArg, TResult}(ThriftMethod, TArg, Func{TService, TArg, CancellationToken, Task{TResult}}, CancellationToken)"/>
    public IAsyncEnumerable<TItem> Enumerate<TArg, TItem>(
        ThriftMethod method, TArg arg, Func<TService, TArg, CancellationToken, IAsyncEnumerable<TItem>> call, CancellationToken cancellationToken)
    {
        using var left = CallerContext.Leave();
        return new ContextFreeStream<TItem>(
            _circuitBreakers[method.CircuitBreakerIndex] is { } circuitBreaker
                ? CallGuard.Create(circuitBreaker).Enumerate(Inner, _fallback, arg, call, method, cancellationToken)
                : call(Inner, arg, cancellationToken));
    }
}
