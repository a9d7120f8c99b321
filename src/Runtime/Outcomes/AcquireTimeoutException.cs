using System.Globalization;

namespace ThriftBreaker;

/// <summary>
/// Thrown when a call waited <c>AcquireTimeout</c> for a connection and got none, because other calls used them all.
/// Nothing was sent.
/// </summary>
/// <remarks>
/// Whether it counts against the server depends on the other calls. If none of them was answered during the wait, the
/// server hangs, and this is a failure like any other. If some were, there are too few connections for so many calls,
/// which says nothing about the server.
/// </remarks>
#pragma warning disable CA1032 // Created by a channel only: the usual constructors would create one that does not know whether the server responds.
public sealed class AcquireTimeoutException : TimeoutException
#pragma warning restore CA1032
{
    /// <summary>
    /// Initializes a new instance that names what was short, and whether the server or the setting is the cause.
    /// </summary>
    /// <param name="endpoint">The endpoint of the call.</param>
    /// <param name="acquireTimeout">The time that the call has waited.</param>
    /// <param name="setting">The setting that made it wait.</param>
    /// <param name="limit">The value of that setting.</param>
    /// <param name="serverResponded">Whether other calls were answered during the wait.</param>
    internal AcquireTimeoutException(string endpoint, TimeSpan acquireTimeout, string setting, int limit, bool serverResponded)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"No connection to {endpoint} became free within the AcquireTimeout of {acquireTimeout.TotalSeconds:0.###} s. {GetReason(setting, limit, serverResponded)}"))
        => ServerResponded = serverResponded;

    /// <summary>
    /// Gets a value that indicates whether the server answered another call over the same channel during the wait.
    /// </summary>
    public bool ServerResponded { get; }

    private static string GetReason(string setting, int limit, bool serverResponded) => serverResponded
        ? string.Create(CultureInfo.InvariantCulture, $"The server responds, but there are more calls than {setting} ({limit}) allows at a time.")
        : string.Create(CultureInfo.InvariantCulture, $"The server has answered no call during the wait, and {setting} is {limit}. Check the server.");
}
