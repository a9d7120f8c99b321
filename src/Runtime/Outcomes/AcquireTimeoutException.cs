using System.Globalization;

namespace ThriftBreaker;

/// <summary>
/// A call waited <c>AcquireTimeout</c> for a connection and got none, because other calls had them all; nothing was sent.
/// </summary>
/// <remarks>
/// Whether it counts against the server depends on what the others got meanwhile. If none of them was answered, the server hangs, and this is
/// a failure like any other. If some were, there are too few connections for so many calls, which says nothing about the server.
/// </remarks>
#pragma warning disable CA1032 // Made by a channel only: the usual constructors would make one that cannot say whether the server answers.
public sealed class AcquireTimeoutException : TimeoutException
#pragma warning restore CA1032
{
    /// <summary>Says what was short, and whether the server or the setting is to blame.</summary>
    /// <param name="endpoint">Where the call was to go.</param>
    /// <param name="leaseTimeout">How long it has waited.</param>
    /// <param name="setting">What made it wait.</param>
    /// <param name="limit">The value of that setting.</param>
    /// <param name="serverAnswers">Whether other calls got answers meanwhile.</param>
    internal AcquireTimeoutException(string endpoint, TimeSpan leaseTimeout, string setting, int limit, bool serverAnswers)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"No connection to {endpoint} became free within the AcquireTimeout of {leaseTimeout.TotalSeconds:0.###} s. {Reason(setting, limit, serverAnswers)}"))
        => ServerResponded = serverAnswers;

    /// <summary>Whether the server answered another call over the same channel during the wait.</summary>
    public bool ServerResponded { get; }

    private static string Reason(string setting, int limit, bool serverAnswers) => serverAnswers
        ? string.Create(CultureInfo.InvariantCulture, $"The server answers, but there are more calls than {setting} ({limit}) allows at a time.")
        : string.Create(CultureInfo.InvariantCulture, $"The server has answered no call meanwhile, and {setting} is {limit}. Check the server.");
}
