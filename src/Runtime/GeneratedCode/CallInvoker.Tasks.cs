using System.Runtime.CompilerServices;

namespace ThriftBreaker.GeneratedCode;

#pragma warning disable CA1031 // What a call throws is in the task that its caller gets.

// Methods that return a task: with no argument (0 in its place), one, two or three, or with a tuple of four and more.
// On the path of a call to an inner client nothing is async, virtual and generic, or bound.
public sealed partial class CallInvoker<TService>
{
    /// <summary>Makes a call.</summary>
    /// <param name="method">The method.</param>
    /// <param name="arg">The argument; 0 for none, a tuple for four and more.</param>
    /// <param name="call">Calls the method of a service with the arguments.</param>
    /// <param name="cancellationToken">The token of the caller.</param>
    public Task<TResult> CallAsync<TArg, TResult>(
        ThriftMethod method, TArg arg, Func<TService, TArg, CancellationToken, Task<TResult>> call, CancellationToken cancellationToken)
    {
        if (_inner is not { } inner || CallerContext.IsPresent)
        {
            return BindAsync(method, arg, call, cancellationToken);
        }

        if (_circuitBreakers[method.CircuitBreakerIndex] is not { } circuitBreaker)
        {
            return call(inner, arg, cancellationToken);
        }

        var guard = CallGuard.Create(circuitBreaker);
        if (!guard.TryEnter(method, cancellationToken, out var ticket))
        {
            return RejectAsync(guard, arg, call, cancellationToken);
        }

        try
        {
            return guard.Observe(ref ticket, call(inner, arg, cancellationToken), method, cancellationToken);
        }
        catch (Exception error)
        {
            return guard.Fail<TResult>(ref ticket, error, method, cancellationToken);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Task<TResult> BindAsync<TArg, TResult>(
        ThriftMethod method, TArg arg, Func<TService, TArg, CancellationToken, Task<TResult>> call, CancellationToken cancellationToken)
        => CallAsync(method, new BoundCall<TService, TArg, TResult>(arg, call), cancellationToken);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Task<TResult> RejectAsync<TArg, TResult>(
        CallGuard guard, TArg arg, Func<TService, TArg, CancellationToken, Task<TResult>> call, CancellationToken cancellationToken)
        => GetFallback(cancellationToken) is { } fallback ? call(fallback, arg, cancellationToken) : guard.Reject<TResult>(cancellationToken);

    /// <inheritdoc cref="CallAsync{TArg, TResult}(ThriftMethod, TArg, Func{TService, TArg, CancellationToken, Task{TResult}}, CancellationToken)"/>
    public Task<TResult> CallAsync<T1, T2, TResult>(
        ThriftMethod method, T1 arg1, T2 arg2, Func<TService, T1, T2, CancellationToken, Task<TResult>> call, CancellationToken cancellationToken)
    {
        if (_inner is not { } inner || CallerContext.IsPresent)
        {
            return BindAsync(method, arg1, arg2, call, cancellationToken);
        }

        if (_circuitBreakers[method.CircuitBreakerIndex] is not { } circuitBreaker)
        {
            return call(inner, arg1, arg2, cancellationToken);
        }

        var guard = CallGuard.Create(circuitBreaker);
        if (!guard.TryEnter(method, cancellationToken, out var ticket))
        {
            return RejectAsync(guard, arg1, arg2, call, cancellationToken);
        }

        try
        {
            return guard.Observe(ref ticket, call(inner, arg1, arg2, cancellationToken), method, cancellationToken);
        }
        catch (Exception error)
        {
            return guard.Fail<TResult>(ref ticket, error, method, cancellationToken);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Task<TResult> BindAsync<T1, T2, TResult>(
        ThriftMethod method, T1 arg1, T2 arg2, Func<TService, T1, T2, CancellationToken, Task<TResult>> call, CancellationToken cancellationToken)
        => CallAsync(method, new BoundCall<TService, T1, T2, TResult>(arg1, arg2, call), cancellationToken);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Task<TResult> RejectAsync<T1, T2, TResult>(
        CallGuard guard, T1 arg1, T2 arg2, Func<TService, T1, T2, CancellationToken, Task<TResult>> call, CancellationToken cancellationToken)
        => GetFallback(cancellationToken) is { } fallback ? call(fallback, arg1, arg2, cancellationToken) : guard.Reject<TResult>(cancellationToken);

    /// <inheritdoc cref="CallAsync{TArg, TResult}(ThriftMethod, TArg, Func{TService, TArg, CancellationToken, Task{TResult}}, CancellationToken)"/>
    public Task<TResult> CallAsync<T1, T2, T3, TResult>(
        ThriftMethod method, T1 arg1, T2 arg2, T3 arg3, Func<TService, T1, T2, T3, CancellationToken, Task<TResult>> call, CancellationToken cancellationToken)
    {
        if (_inner is not { } inner || CallerContext.IsPresent)
        {
            return BindAsync(method, arg1, arg2, arg3, call, cancellationToken);
        }

        if (_circuitBreakers[method.CircuitBreakerIndex] is not { } circuitBreaker)
        {
            return call(inner, arg1, arg2, arg3, cancellationToken);
        }

        var guard = CallGuard.Create(circuitBreaker);
        if (!guard.TryEnter(method, cancellationToken, out var ticket))
        {
            return RejectAsync(guard, arg1, arg2, arg3, call, cancellationToken);
        }

        try
        {
            return guard.Observe(ref ticket, call(inner, arg1, arg2, arg3, cancellationToken), method, cancellationToken);
        }
        catch (Exception error)
        {
            return guard.Fail<TResult>(ref ticket, error, method, cancellationToken);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Task<TResult> BindAsync<T1, T2, T3, TResult>(
        ThriftMethod method, T1 arg1, T2 arg2, T3 arg3, Func<TService, T1, T2, T3, CancellationToken, Task<TResult>> call, CancellationToken cancellationToken)
        => CallAsync(method, new BoundCall<TService, T1, T2, T3, TResult>(arg1, arg2, arg3, call), cancellationToken);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Task<TResult> RejectAsync<T1, T2, T3, TResult>(
        CallGuard guard, T1 arg1, T2 arg2, T3 arg3, Func<TService, T1, T2, T3, CancellationToken, Task<TResult>> call, CancellationToken cancellationToken)
        => GetFallback(cancellationToken) is { } fallback ? call(fallback, arg1, arg2, arg3, cancellationToken) : guard.Reject<TResult>(cancellationToken);

    /// <inheritdoc cref="CallAsync{TArg, TResult}(ThriftMethod, TArg, Func{TService, TArg, CancellationToken, Task{TResult}}, CancellationToken)"/>
    public Task CallAsync<TArg>(
        ThriftMethod method, TArg arg, Func<TService, TArg, CancellationToken, Task> call, CancellationToken cancellationToken)
    {
        if (_inner is not { } inner || CallerContext.IsPresent)
        {
            return BindAsync(method, arg, call, cancellationToken);
        }

        if (_circuitBreakers[method.CircuitBreakerIndex] is not { } circuitBreaker)
        {
            return call(inner, arg, cancellationToken);
        }

        var guard = CallGuard.Create(circuitBreaker);
        if (!guard.TryEnter(method, cancellationToken, out var ticket))
        {
            return RejectAsync(guard, arg, call, cancellationToken);
        }

        try
        {
            return guard.Observe(ref ticket, call(inner, arg, cancellationToken), method, cancellationToken);
        }
        catch (Exception error)
        {
            return guard.Fail(ref ticket, error, method, cancellationToken);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Task<NoResult> BindAsync<TArg>(
        ThriftMethod method, TArg arg, Func<TService, TArg, CancellationToken, Task> call, CancellationToken cancellationToken)
        => CallAsync(method, new BoundVoidCall<TService, TArg>(arg, call), cancellationToken);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Task RejectAsync<TArg>(
        CallGuard guard, TArg arg, Func<TService, TArg, CancellationToken, Task> call, CancellationToken cancellationToken)
        => GetFallback(cancellationToken) is { } fallback ? call(fallback, arg, cancellationToken) : guard.Reject(cancellationToken);

    /// <inheritdoc cref="CallAsync{TArg, TResult}(ThriftMethod, TArg, Func{TService, TArg, CancellationToken, Task{TResult}}, CancellationToken)"/>
    public Task CallAsync<T1, T2>(
        ThriftMethod method, T1 arg1, T2 arg2, Func<TService, T1, T2, CancellationToken, Task> call, CancellationToken cancellationToken)
    {
        if (_inner is not { } inner || CallerContext.IsPresent)
        {
            return BindAsync(method, arg1, arg2, call, cancellationToken);
        }

        if (_circuitBreakers[method.CircuitBreakerIndex] is not { } circuitBreaker)
        {
            return call(inner, arg1, arg2, cancellationToken);
        }

        var guard = CallGuard.Create(circuitBreaker);
        if (!guard.TryEnter(method, cancellationToken, out var ticket))
        {
            return RejectAsync(guard, arg1, arg2, call, cancellationToken);
        }

        try
        {
            return guard.Observe(ref ticket, call(inner, arg1, arg2, cancellationToken), method, cancellationToken);
        }
        catch (Exception error)
        {
            return guard.Fail(ref ticket, error, method, cancellationToken);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Task<NoResult> BindAsync<T1, T2>(
        ThriftMethod method, T1 arg1, T2 arg2, Func<TService, T1, T2, CancellationToken, Task> call, CancellationToken cancellationToken)
        => CallAsync(method, new BoundVoidCall<TService, T1, T2>(arg1, arg2, call), cancellationToken);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Task RejectAsync<T1, T2>(
        CallGuard guard, T1 arg1, T2 arg2, Func<TService, T1, T2, CancellationToken, Task> call, CancellationToken cancellationToken)
        => GetFallback(cancellationToken) is { } fallback ? call(fallback, arg1, arg2, cancellationToken) : guard.Reject(cancellationToken);

    /// <inheritdoc cref="CallAsync{TArg, TResult}(ThriftMethod, TArg, Func{TService, TArg, CancellationToken, Task{TResult}}, CancellationToken)"/>
    public Task CallAsync<T1, T2, T3>(
        ThriftMethod method, T1 arg1, T2 arg2, T3 arg3, Func<TService, T1, T2, T3, CancellationToken, Task> call, CancellationToken cancellationToken)
    {
        if (_inner is not { } inner || CallerContext.IsPresent)
        {
            return BindAsync(method, arg1, arg2, arg3, call, cancellationToken);
        }

        if (_circuitBreakers[method.CircuitBreakerIndex] is not { } circuitBreaker)
        {
            return call(inner, arg1, arg2, arg3, cancellationToken);
        }

        var guard = CallGuard.Create(circuitBreaker);
        if (!guard.TryEnter(method, cancellationToken, out var ticket))
        {
            return RejectAsync(guard, arg1, arg2, arg3, call, cancellationToken);
        }

        try
        {
            return guard.Observe(ref ticket, call(inner, arg1, arg2, arg3, cancellationToken), method, cancellationToken);
        }
        catch (Exception error)
        {
            return guard.Fail(ref ticket, error, method, cancellationToken);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Task<NoResult> BindAsync<T1, T2, T3>(
        ThriftMethod method, T1 arg1, T2 arg2, T3 arg3, Func<TService, T1, T2, T3, CancellationToken, Task> call, CancellationToken cancellationToken)
        => CallAsync(method, new BoundVoidCall<TService, T1, T2, T3>(arg1, arg2, arg3, call), cancellationToken);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Task RejectAsync<T1, T2, T3>(
        CallGuard guard, T1 arg1, T2 arg2, T3 arg3, Func<TService, T1, T2, T3, CancellationToken, Task> call, CancellationToken cancellationToken)
        => GetFallback(cancellationToken) is { } fallback ? call(fallback, arg1, arg2, arg3, cancellationToken) : guard.Reject(cancellationToken);
}
