namespace ThriftBreaker;

/// <summary>
/// Represents a call with its arguments, ready to be made with any implementation of the service, more than once.
/// </summary>
/// <remarks>
/// Calls over a channel or a pipeline are bound first. The code that makes them is then generic over the result only:
/// over the arguments as well, each method of a service would need several kilobytes of native code.
/// </remarks>
internal abstract class BoundCall<TService, TResult>
    where TService : class
{
    /// <summary>Makes the call.</summary>
    public abstract Task<TResult> InvokeAsync(TService service, CancellationToken cancellationToken);
}

/// <summary>Binds a call with one argument; with none, the argument is unused.</summary>
internal sealed class BoundCall<TService, TArg, TResult>(TArg arg, Func<TService, TArg, CancellationToken, Task<TResult>> call) : BoundCall<TService, TResult>
    where TService : class
{
    public override Task<TResult> InvokeAsync(TService service, CancellationToken cancellationToken) => call(service, arg, cancellationToken);
}

/// <summary>Binds a call with two arguments.</summary>
internal sealed class BoundCall<TService, T1, T2, TResult>(T1 arg1, T2 arg2, Func<TService, T1, T2, CancellationToken, Task<TResult>> call) : BoundCall<TService, TResult>
    where TService : class
{
    public override Task<TResult> InvokeAsync(TService service, CancellationToken cancellationToken) => call(service, arg1, arg2, cancellationToken);
}

/// <summary>Binds a call with three arguments.</summary>
internal sealed class BoundCall<TService, T1, T2, T3, TResult>(T1 arg1, T2 arg2, T3 arg3, Func<TService, T1, T2, T3, CancellationToken, Task<TResult>> call) : BoundCall<TService, TResult>
    where TService : class
{
    public override Task<TResult> InvokeAsync(TService service, CancellationToken cancellationToken) => call(service, arg1, arg2, arg3, cancellationToken);
}
