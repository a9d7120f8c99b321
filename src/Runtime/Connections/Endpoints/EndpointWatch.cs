using System.Globalization;
using Thrift.Transport;

namespace ThriftBreaker;

/// <summary>Reads what a source says about the endpoints of a channel, from the first call until the channel ends. Thread-safe.</summary>
/// <param name="source">The source.</param>
/// <param name="endpoints">What it names.</param>
/// <param name="options">The settings of the channel.</param>
#pragma warning disable CA1001 // A token source without a timer holds nothing.
internal sealed class EndpointWatch(IEndpointSource source, EndpointSet endpoints, ThriftChannelOptions options)
#pragma warning restore CA1001
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    private readonly object _sync = new();
    private readonly CancellationTokenSource _stop = new();
    private volatile bool _hasNamed;
    private volatile Exception? _failure;

    /// <summary>Ends with the first list, or with the reason why there is none; null while nobody has asked for it.</summary>
    private Task<Exception?>? _first;

    /// <summary>Whether there is a list.</summary>
    public bool HasNamed => _hasNamed;

    /// <summary>Why the source failed, when it was last asked; null while it works.</summary>
    public Exception? Failure => _failure;

    /// <summary>Waits for the first list, and asks for it if nobody does.</summary>
    /// <exception cref="TTransportException">There is none.</exception>
    /// <exception cref="TimeoutException">There is none within <see cref="ThriftChannelOptions.ConnectTimeout"/>.</exception>
    /// <exception cref="ObjectDisposedException">The channel has been disposed.</exception>
    public async Task NamedAsync(CancellationToken cancellationToken)
    {
        Exception? reason;
        try
        {
            reason = await First().WaitAsync(options.ConnectTimeout, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException timeout)
        {
            throw new TimeoutException(
                string.Create(CultureInfo.InvariantCulture, $"No endpoints from {source} within the ConnectTimeout of {options.ConnectTimeout.TotalSeconds:0.###} s. Check what it asks for them."), timeout);
        }

        // Each caller gets an exception of its own: one that several throw collects the stacks of all.
        if (reason is not null)
        {
            throw _stop.IsCancellationRequested
                ? ThriftChannel.Disposed()
                : new TTransportException(TTransportException.ExceptionType.NotOpen, $"No endpoints from {source}: {reason.Message}", reason);
        }
    }

    /// <summary>Asks no more. Who waits for the first list is sent away.</summary>
    public void Stop() => _stop.Cancel();

    private Task<Exception?> First()
    {
        lock (_sync)
        {
            if (_first is null || (_first.IsCompleted && !_hasNamed))
            {
                var first = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
                _first = first.Task;
                _ = StartAsync(first);
            }

            return _first;
        }
    }

    /// <summary>Without the ambient state of the call that happens to be the first, and not on its thread.</summary>
    private Task StartAsync(TaskCompletionSource<Exception?> first)
    {
        if (!ExecutionContext.IsFlowSuppressed())
        {
            using var without = ExecutionContext.SuppressFlow();
            return StartAsync(first);
        }

        return Task.Run(() => WatchAsync(first));
    }

    private async Task WatchAsync(TaskCompletionSource<Exception?> first)
    {
        // Also where the source does not look at the token.
        using var stopped = _stop.Token.UnsafeRegister(static first => ((TaskCompletionSource<Exception?>)first!).TrySetResult(new OperationCanceledException()), first);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await foreach (var list in source.WatchAsync(_stop.Token).WithCancellation(_stop.Token).ConfigureAwait(false))
                {
                    endpoints.Update(list);
                    _failure = null;
                    _hasNamed = true;
                    first.TrySetResult(null);
                }

                if (_hasNamed)
                {
                    return;
                }

                throw new InvalidOperationException("It has ended without naming any.");
            }
#pragma warning disable CA1031 // A source is a guest: whatever it throws, the calls go on with the last list.
            catch (Exception reason)
#pragma warning restore CA1031
            {
                if (_stop.IsCancellationRequested)
                {
                    return;
                }

                _failure = reason;
                if (!_hasNamed)
                {
                    first.TrySetResult(reason);
                    return;
                }

                await Task.Delay(RetryDelay, options.TimeProvider, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
