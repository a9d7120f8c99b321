using System.Globalization;
using Thrift;

namespace ThriftBreaker;

/// <summary>
/// Thrown when a call was rejected because the maximum numbers of calls were in flight and waiting. Nothing was sent.
/// It counts neither for nor against the server.
/// </summary>
/// <remarks>
/// A <see cref="TException"/>, like <see cref="CircuitOpenException"/>, so that code which catches Thrift's exceptions
/// catches rejections too.
/// </remarks>
#pragma warning disable CA1032 // Created by a channel only: the usual constructors would create one that does not know what was full.
public sealed class BulkheadFullException : TException
#pragma warning restore CA1032
{
    internal BulkheadFullException(string endpoint, int maxConcurrentCalls, int maxQueuedCalls)
        : base(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The call to {endpoint} was rejected without being sent: MaxConcurrentCalls ({maxConcurrentCalls}) are in flight and MaxQueuedCalls ({maxQueuedCalls}) wait."),
            inner: null)
    {
        MaxConcurrentCalls = maxConcurrentCalls;
        MaxQueuedCalls = maxQueuedCalls;
    }

    /// <summary>Gets the maximum number of calls in flight, which was reached.</summary>
    public int MaxConcurrentCalls { get; }

    /// <summary>Gets the maximum number of waiting calls, which was reached.</summary>
    public int MaxQueuedCalls { get; }
}
