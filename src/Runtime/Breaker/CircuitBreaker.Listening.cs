namespace ThriftBreaker;

// Who is told what. Handlers run on the thread that caused it, after the fact and outside of everything, in the order in which they were
// added; what they throw goes to CallbackFailed and no further.
public sealed partial class CircuitBreaker
{
    private EventHandler<CallCompletedEventArgs>? _callCompleted;

    /// <summary>Raised after each change of state, before the call that caused it goes on.</summary>
    public event EventHandler<CircuitStateChangedEventArgs>? StateChanged;

    /// <summary>
    /// Raised after each call that was admitted and got its verdict; not for those that begin while the circuit is disabled. It makes every call read the
    /// clock twice and allocate one object, as long as somebody listens.
    /// </summary>
    public event EventHandler<CallCompletedEventArgs>? CallCompleted
    {
        add
        {
            Exchange(ref _callCompleted, value, Delegate.Combine);
            RefreshWatched();
        }

        remove
        {
            Exchange(ref _callCompleted, value, Delegate.Remove);
            RefreshWatched();
        }
    }

    /// <summary>Raised for each call that was rejected, or in <see cref="CircuitMode.ReportOnly"/> would have been.</summary>
    public event EventHandler<CallRejectedEventArgs>? CallRejected;

    /// <summary>
    /// Raised when a handler of the other events, a classifier, a predicate or a provider has thrown, or the clock at a call's verdict: the
    /// calls do not notice, so somebody else should. What its own handlers throw is dropped.
    /// </summary>
    public event EventHandler<CallbackFailedEventArgs>? CallbackFailed;

    /// <summary>Says that a callback has thrown.</summary>
    internal void Report(Exception thrown) => Tell(CallbackFailed, new CallbackFailedEventArgs(thrown), static _ => { });

    private void Tell<T>(EventHandler<T>? listeners, T what) => Tell(listeners, what, Report);

    private void Tell<T>(EventHandler<T>? listeners, T what, Action<Exception> onThrow)
    {
        foreach (var listener in (listeners?.GetInvocationList() ?? []).Cast<EventHandler<T>>())
        {
            try
            {
                listener(this, what);
            }
#pragma warning disable CA1031 // A listener is a guest: whatever it throws must not change the call that it is told of.
            catch (Exception thrown)
#pragma warning restore CA1031
            {
                onThrow(thrown);
            }
        }
    }

    private static void Exchange<T>(ref T? listeners, T? changed, Func<Delegate?, Delegate?, Delegate?> how)
        where T : Delegate
    {
        // By reference, as the exchange compares: two delegates that call the same are equal, and one would be taken for done.
        T? seen;
        do
        {
            seen = Volatile.Read(ref listeners);
        }
        while (!ReferenceEquals(Interlocked.CompareExchange(ref listeners, (T?)how(seen, changed), seen), seen));
    }
}
