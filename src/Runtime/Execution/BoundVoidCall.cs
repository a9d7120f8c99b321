namespace ThriftBreaker;

/// <summary>Represents a call without a result as one with a <see cref="NoResult"/>.</summary>
internal abstract class BoundVoidCall<TService> : BoundCall<TService, NoResult>
    where TService : class
{
    public sealed override async Task<NoResult> InvokeAsync(TService service, CancellationToken cancellationToken)
    {
        await InvokeVoidAsync(service, cancellationToken).ConfigureAwait(false);
        return NoResult.Instance;
    }

    protected abstract Task InvokeVoidAsync(TService service, CancellationToken cancellationToken);
}

/// <summary>Binds a call with one argument; with none, the argument is unused.</summary>
internal sealed class BoundVoidCall<TService, TArg>(TArg arg, Func<TService, TArg, CancellationToken, Task> call) : BoundVoidCall<TService>
    where TService : class
{
    protected override Task InvokeVoidAsync(TService service, CancellationToken cancellationToken) => call(service, arg, cancellationToken);
}

/// <summary>Binds a call with two arguments.</summary>
internal sealed class BoundVoidCall<TService, T1, T2>(T1 arg1, T2 arg2, Func<TService, T1, T2, CancellationToken, Task> call) : BoundVoidCall<TService>
    where TService : class
{
    protected override Task InvokeVoidAsync(TService service, CancellationToken cancellationToken) => call(service, arg1, arg2, cancellationToken);
}

/// <summary>Binds a call with three arguments.</summary>
internal sealed class BoundVoidCall<TService, T1, T2, T3>(T1 arg1, T2 arg2, T3 arg3, Func<TService, T1, T2, T3, CancellationToken, Task> call) : BoundVoidCall<TService>
    where TService : class
{
    protected override Task InvokeVoidAsync(TService service, CancellationToken cancellationToken) => call(service, arg1, arg2, arg3, cancellationToken);
}
