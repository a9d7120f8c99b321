using System.Globalization;
using Thrift;

namespace ThriftBreaker;

/// <summary>
/// A call was rejected because as many calls as the channel allows were under way, and as many as it allows were waiting; nothing was sent.
/// It counts neither for nor against the server.
/// </summary>
/// <remarks>
/// A <see cref="TException"/>, as <see cref="CircuitOpenException"/> is, so that code which catches Thrift's exceptions catches rejections too.
/// </remarks>
#pragma warning disable CA1032 // Made by a channel only: the usual constructors would make one that cannot say what was full.
public sealed class BulkheadFullException : TException
#pragma warning restore CA1032
{
    internal BulkheadFullException(string endpoint, int maxConcurrentCalls, int maxQueuedCalls)
        : base(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The call to {endpoint} was rejected without being sent: MaxConcurrentCalls ({maxConcurrentCalls}) are under way and MaxQueuedCalls ({maxQueuedCalls}) wait."),
            inner: null)
    {
        MaxConcurrentCalls = maxConcurrentCalls;
        MaxQueuedCalls = maxQueuedCalls;
    }

    /// <summary>How many calls were under way.</summary>
    public int MaxConcurrentCalls { get; }

    /// <summary>How many calls were waiting.</summary>
    public int MaxQueuedCalls { get; }
}
