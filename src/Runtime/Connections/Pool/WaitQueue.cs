namespace ThriftBreaker;

/// <summary>
/// Represents calls that wait for a resource in use, in order of arrival. Not thread-safe: all members except
/// <see cref="WaitAsync"/> are called under the lock of the resource.
/// </summary>
/// <typeparam name="T">The type of the resource.</typeparam>
/// <param name="sync">The lock of the resource.</param>
internal sealed class WaitQueue<T>(object sync)
{
    private readonly LinkedList<TaskCompletionSource<T>> _waiters = [];

    public int Count => _waiters.Count;

    /// <summary>Adds a waiter at the end of the queue.</summary>
    public LinkedListNode<TaskCompletionSource<T>> Enqueue()
        => _waiters.AddLast(new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>
    /// Removes the first waiter and completes its wait with a resource. Returns false if no call waits.
    /// </summary>
    public bool TryDequeue(T resource)
    {
        if (_waiters.First is not { } first)
        {
            return false;
        }

        _waiters.RemoveFirst();
        first.Value.SetResult(resource);
        return true;
    }

    /// <summary>
    /// Rejects all waiters, each with a new exception: one that several calls throw would collect the stacks of all.
    /// </summary>
    public void RejectAll(Func<Exception> createException)
    {
        foreach (var waiter in _waiters)
        {
            waiter.SetException(createException());
        }

        _waiters.Clear();
    }

    /// <summary>
    /// Waits for the resource. If the resource arrives at the same moment as the timeout or the cancellation, the wait
    /// succeeds: the resource would be lost otherwise.
    /// </summary>
    /// <exception cref="TimeoutException">The timeout elapsed. The waiter has left the queue.</exception>
    /// <exception cref="OperationCanceledException">
    /// The caller cancelled the wait. The waiter has left the queue.
    /// </exception>
    public async Task<T> WaitAsync(
        LinkedListNode<TaskCompletionSource<T>> waiter, TimeSpan timeout, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var resource = waiter.Value.Task;
        try
        {
            return await resource.WaitAsync(timeout, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception reason) when (reason is TimeoutException or OperationCanceledException && !TryRemove(waiter))
        {
            return await resource.ConfigureAwait(false);
        }
    }

    private bool TryRemove(LinkedListNode<TaskCompletionSource<T>> waiter)
    {
        lock (sync)
        {
            if (waiter.List is null)
            {
                return false;
            }

            _waiters.Remove(waiter);
            return true;
        }
    }
}
