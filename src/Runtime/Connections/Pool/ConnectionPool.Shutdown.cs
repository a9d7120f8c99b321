using System.Globalization;

namespace ThriftBreaker;

// Shutdown: new calls are rejected, in-flight calls have DrainTimeout to complete, and then the pool aborts them.
internal sealed partial class ConnectionPool<TConnection>
{
    private readonly CancellationTokenSource _abort = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isClosed;
    private bool _isAborted;

    /// <summary>
    /// Closes idle connections and rejects waiting calls. Connections of in-flight calls close when these end.
    /// </summary>
    public void Close()
    {
        List<TConnection> idle;
        lock (_sync)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            _queue.RejectAll(ThriftChannel.CreateDisposedException);
            idle = [.. _idle];
            _idle.Clear();
            _open.ExceptWith(idle);
            _slotsInUse -= idle.Count;
            _timer?.Dispose();
            CompleteDrainIfEmpty();
        }

        idle.ForEach(static connection => connection.Dispose());
    }

    /// <summary>
    /// Closes the pool, waits up to <see cref="ThriftChannelOptions.DrainTimeout"/> for in-flight calls, and aborts the
    /// rest.
    /// </summary>
    public async Task DrainAsync()
    {
        Close();
        try
        {
            await _drained.Task.WaitAsync(_options.DrainTimeout, _options.TimeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Abort();
        }
    }

    /// <summary>Creates the exception of a call that the pool has aborted.</summary>
    /// <param name="symptom">The exception with which the call ended; null for none.</param>
    public ObjectDisposedException CreateAbortedException(Exception? symptom) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"The channel to {_endpoint} was disposed, and this call had not ended within the DrainTimeout of {_options.DrainTimeout.TotalSeconds:0.###} s."),
        symptom);

    private void Abort()
    {
        List<TConnection> remaining;
        lock (_sync)
        {
            // Under the lock: a connection that is opened concurrently is discarded, or is among the remaining ones.
            _isAborted = true;
            remaining = [.. _open];
        }

        _abort.Cancel();
        remaining.ForEach(static connection => connection.Abort());
    }

    /// <summary>Called under the lock.</summary>
    private void CompleteDrainIfEmpty()
    {
        if (_isClosed && _slotsInUse == 0)
        {
            _drained.TrySetResult();
        }
    }

    private void ThrowIfClosed()
    {
        if (_isClosed)
        {
            throw ThriftChannel.CreateDisposedException();
        }
    }
}
