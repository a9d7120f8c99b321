namespace ThriftBreaker;

/// <summary>
/// Calls that wait for something that others hold: the first to come is the first to be served. Not thread-safe by itself: it is used under
/// the lock of what is waited for, all but <see cref="WaitAsync"/>.
/// </summary>
/// <typeparam name="T">What a call is served with.</typeparam>
/// <param name="sync">The lock of what is waited for.</param>
internal sealed class WaitQueue<T>(object sync)
{
    private readonly LinkedList<TaskCompletionSource<T>> _line = [];

    public int Count => _line.Count;

    /// <summary>A place at the end of the line.</summary>
    public LinkedListNode<TaskCompletionSource<T>> Join()
        => _line.AddLast(new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>Serves the call that has waited longest; false when nobody waits.</summary>
    public bool TryServe(T value)
    {
        if (_line.First is not { } first)
        {
            return false;
        }

        _line.RemoveFirst();
        first.Value.SetResult(value);
        return true;
    }

    /// <summary>Sends everybody away, each with an exception of its own: one that several calls throw collects the stacks of all.</summary>
    public void Close(Func<Exception> reason)
    {
        foreach (var waiter in _line)
        {
            waiter.SetException(reason());
        }

        _line.Clear();
    }

    /// <summary>Waits to be served. Who has been served in the same moment in which time was over, or the caller gave up, has been served.</summary>
    /// <exception cref="TimeoutException">Time is over; the call is not in the line any more.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up; the call is not in the line any more.</exception>
    public async Task<T> WaitAsync(
        LinkedListNode<TaskCompletionSource<T>> place, TimeSpan timeout, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var served = place.Value.Task;
        try
        {
            return await served.WaitAsync(timeout, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception reason) when (reason is TimeoutException or OperationCanceledException && !TryLeave(place))
        {
            return await served.ConfigureAwait(false);
        }
    }

    private bool TryLeave(LinkedListNode<TaskCompletionSource<T>> place)
    {
        lock (sync)
        {
            if (place.List is null)
            {
                return false;
            }

            _line.Remove(place);
            return true;
        }
    }
}
