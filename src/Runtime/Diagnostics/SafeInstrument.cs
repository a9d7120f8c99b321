namespace ThriftBreaker;

/// <summary>Creates what notifies listeners of its creation: instruments, and the source of activities.</summary>
internal static class SafeInstrument
{
    /// <summary>
    /// Creates an instrument; null if a listener threw. The process continues without it; an exception here, in a
    /// static constructor, would make every circuit breaker unusable.
    /// </summary>
    public static T? Create<T>(Func<T> create)
        where T : class
        => UserCallback.Invoke<Func<T>, T?>(create, static create => create(), fallback: null, report: null);
}
