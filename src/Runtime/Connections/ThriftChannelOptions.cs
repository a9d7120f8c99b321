using System.Runtime.CompilerServices;

namespace ThriftBreaker;

/// <summary>The settings of a <see cref="ThriftChannel"/>. Immutable; a value out of range throws where it is written.</summary>
public sealed record ThriftChannelOptions
{
    /// <summary>
    /// How long opening a connection may take, resolving the host's name included: greater than zero and at most 24 days;
    /// default 5 seconds.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan ConnectTimeout
    {
        get;
        init => field = Deadline(value);
    } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a call may take once its connection is open, from the first byte sent to the last byte of the reply: greater
    /// than zero and at most 24 days; default 10 seconds.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan CallTimeout
    {
        get;
        init => field = Deadline(value);
    } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether each call opens a connection of its own and closes it afterwards. Default false: one connection is kept
    /// between calls, and a call that finds it in use opens another one.
    /// </summary>
    public bool ConnectionPerCall { get; init; }

    /// <summary>The clock that the timeouts run on; default <see cref="TimeProvider.System"/>.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TimeProvider TimeProvider
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(TimeProvider));
    } = TimeProvider.System;

    /// <summary>24 days: what the platform's timers can run to, 2^31 - 1 milliseconds, in whole days.</summary>
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromDays(24);

    private static TimeSpan Deadline(TimeSpan value, [CallerMemberName] string setting = "")
        => value > TimeSpan.Zero && value <= LongestDeadline
            ? value
            : throw new ArgumentOutOfRangeException(setting, value, $"{setting} must be greater than zero and at most 24 days.");
}
