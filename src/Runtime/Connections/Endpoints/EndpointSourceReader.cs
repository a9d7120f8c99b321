using System.Globalization;
using Thrift.Transport;

namespace ThriftBreaker;

/// <summary>
/// Reads the endpoint lists of a source into the load balancer, from the first call until the channel is disposed.
/// Thread-safe.
/// </summary>
/// <param name="source">The source.</param>
/// <param name="loadBalancer">Receives the lists.</param>
/// <param name="options">The settings of the channel.</param>
#pragma warning disable CA1001 // A token source without a timer holds nothing.
internal sealed class EndpointSourceReader(IEndpointSource source, LoadBalancer loadBalancer, ThriftChannelOptions options)
#pragma warning restore CA1001
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    /// <summary>The first pause after a failure without a list; doubled by each further failure.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private readonly object _sync = new();
    private readonly CancellationTokenSource _stop = new();
    private volatile bool _hasEndpoints;
    private volatile Exception? _failure;

    // The last failure without a list. Written before the first list completes, and read afterwards.
    private long _failedAt;
    private TimeSpan _pause;

    /// <summary>
    /// Completes with null after the first list, or with the failure of the source. Null before the first call.
    /// </summary>
    private Task<Exception?>? _firstList;

    /// <summary>Gets whether the source has provided a list.</summary>
    public bool HasEndpoints => _hasEndpoints;

    /// <summary>Gets the last exception of the source; null while it works.</summary>
    public Exception? Failure => _failure;

    /// <summary>
    /// Waits for the first list, and starts to read the source unless it is being read or has just failed.
    /// </summary>
    /// <exception cref="TTransportException">The source has failed.</exception>
    /// <exception cref="TimeoutException">
    /// The source has provided no list within <see cref="ThriftChannelOptions.ConnectTimeout"/>.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The channel has been disposed.</exception>
    public async Task WaitForEndpointsAsync(CancellationToken cancellationToken)
    {
        Exception? reason;
        try
        {
            reason = await GetFirstList().WaitAsync(options.ConnectTimeout, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException timeout)
        {
            throw new TimeoutException(
                string.Create(CultureInfo.InvariantCulture, $"No endpoints from {source} within the ConnectTimeout of {options.ConnectTimeout.TotalSeconds:0.###} s. Check the service that the source reads them from."), timeout);
        }

        // Each caller gets a new exception: one that several calls throw would collect the stacks of all.
        if (reason is not null)
        {
            throw _stop.IsCancellationRequested
                ? ThriftChannel.CreateDisposedException()
                : new TTransportException(TTransportException.ExceptionType.NotOpen, $"No endpoints from {source}: {FailureReason.Get(reason)}.", reason);
        }
    }

    /// <summary>Stops reading the source. Calls that wait for the first list are rejected.</summary>
    public void Stop() => _stop.Cancel();

    private Task<Exception?> GetFirstList()
    {
        lock (_sync)
        {
            if (_firstList is null || (_firstList.IsCompleted && !_hasEndpoints && !IsPausing()))
            {
                var firstList = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
                _firstList = firstList.Task;
                _ = StartAsync(firstList);
            }

            return _firstList;
        }
    }

    private bool IsPausing() => options.TimeProvider.GetElapsedTime(_failedAt) < _pause;

    /// <summary>Starts without the execution context of the first call, and not on its thread.</summary>
    private Task StartAsync(TaskCompletionSource<Exception?> firstList)
    {
        if (!ExecutionContext.IsFlowSuppressed())
        {
            using var suppressed = ExecutionContext.SuppressFlow();
            return StartAsync(firstList);
        }

        return Task.Run(() => WatchAsync(firstList));
    }

    private async Task WatchAsync(TaskCompletionSource<Exception?> firstList)
    {
        // Waiting calls end also if the source ignores the token.
        using var stopped = _stop.Token.UnsafeRegister(static state => ((TaskCompletionSource<Exception?>)state!).TrySetResult(new OperationCanceledException()), firstList);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await foreach (var list in source.WatchAsync(_stop.Token).WithCancellation(_stop.Token).ConfigureAwait(false))
                {
                    loadBalancer.Update(list);
                    _failure = null;
                    _hasEndpoints = true;
                    firstList.TrySetResult(null);
                }

                if (_hasEndpoints)
                {
                    return;
                }

                throw new InvalidOperationException("The source ended without a list.");
            }
#pragma warning disable CA1031 // A source is a user callback: after any exception, calls continue with the last list.
            catch (Exception reason)
#pragma warning restore CA1031
            {
                if (_stop.IsCancellationRequested)
                {
                    // The end of this method disposes the registration, whose callback may not have run yet.
                    firstList.TrySetResult(reason);
                    return;
                }

                _failure = reason;
                if (!_hasEndpoints)
                {
                    _pause = _pause == TimeSpan.Zero ? FirstPause : _pause * 2 < RetryDelay ? _pause * 2 : RetryDelay;
                    _failedAt = options.TimeProvider.GetTimestamp();
                    firstList.TrySetResult(reason);
                    return;
                }

                await Task.Delay(RetryDelay, options.TimeProvider, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
