using System.Globalization;

namespace ThriftBreaker;

// The end: nothing is lent any more, calls under way are waited for, and in the end cut off.
internal sealed partial class ConnectionPool<TConnection>
{
    private readonly CancellationTokenSource _abort = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _closed;
    private bool _aborted;

    /// <summary>Lends nothing any more, closes what is free and sends away who waits. Calls under way go on, and then close their connections.</summary>
    public void Close()
    {
        List<TConnection> free;
        lock (_sync)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            _line.Close(ThriftChannel.Disposed);
            free = [.. _free];
            _free.Clear();
            _open.ExceptWith(free);
            _places -= free.Count;
            _timer?.Dispose();
            DrainedIfEmpty();
        }

        free.ForEach(static connection => connection.Dispose());
    }

    /// <summary>Closes the pool and waits for the calls under way, for <see cref="ThriftChannelOptions.DrainTimeout"/> at most; cuts off what is left.</summary>
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

    /// <summary>What a call gets that was cut off.</summary>
    /// <param name="symptom">The exception that it ended with, if it has one.</param>
    public ObjectDisposedException CutOff(Exception? symptom) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"The channel to {_endpoint} was disposed, and this call had not ended within the DrainTimeout of {_options.DrainTimeout.TotalSeconds:0.###} s."),
        symptom);

    private void Abort()
    {
        List<TConnection> left;
        lock (_sync)
        {
            // Under the lock: a connection that is opened now sees it, or is among those that are left.
            _aborted = true;
            left = [.. _open];
        }

        _abort.Cancel();
        left.ForEach(static connection => connection.Abort());
    }

    /// <summary>Under the lock.</summary>
    private void DrainedIfEmpty()
    {
        if (_closed && _places == 0)
        {
            _drained.TrySetResult();
        }
    }

    private void ThrowIfClosed()
    {
        if (_closed)
        {
            throw ThriftChannel.Disposed();
        }
    }
}
