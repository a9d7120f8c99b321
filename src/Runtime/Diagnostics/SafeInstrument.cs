namespace ThriftBreaker;

/// <summary>Makes what listeners are told of when it is made: instruments, and the source of activities.</summary>
internal static class SafeInstrument
{
    /// <summary>
    /// What is made; null where a listener threw when it was told. A listener is a guest: the process goes on without, where it would otherwise
    /// have no circuit at all any more.
    /// </summary>
    public static T? Make<T>(Func<T> make)
        where T : class
    {
        try
        {
            return make();
        }
#pragma warning disable CA1031 // A listener may throw anything, and there is no circuit here to report it to.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }
}
