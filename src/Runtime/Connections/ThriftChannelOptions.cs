using System.Globalization;
using System.Runtime.CompilerServices;
using Thrift.Protocol;

namespace ThriftBreaker;

/// <summary>
/// The settings of a <see cref="ThriftChannel"/>. Immutable; a value out of range throws where it is written, settings that contradict
/// each other where a channel is made of them.
/// </summary>
public sealed partial record ThriftChannelOptions
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
    /// How long a call may wait for a connection that other calls use, and for its turn under <see cref="MaxConcurrentCalls"/>: zero, for
    /// not at all, to 24 days; default 5 seconds. Then it fails with <see cref="AcquireTimeoutException"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan AcquireTimeout
    {
        get;
        init => field = Wait(value);
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
    /// Runs once on each new connection, before the first call and within <see cref="ConnectTimeout"/>: logs in, or opens a session. Default
    /// null. It is given what a Thrift client of its own can be made of, and the token that ends with the timeout or the call; the protocol
    /// is not to be kept, and a client over it may be disposed. When it fails, so has the connection: the call fails with a TTransportException that has the reason inside. Where
    /// the endpoint names a service, so do its messages; <c>new TMultiplexedProtocol(protocol, "auth")</c> speaks to another one.
    /// </summary>
    public Func<TProtocol, CancellationToken, ValueTask>? OnConnected { get; init; }

    /// <summary>The clock that the timeouts run on; default <see cref="TimeProvider.System"/>.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TimeProvider TimeProvider
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(TimeProvider));
    } = TimeProvider.System;

    /// <summary>24 days: what the platform's timers can run to, 2^31 - 1 milliseconds, in whole days.</summary>
    internal static TimeSpan LongestTimeout { get; } = TimeSpan.FromDays(24);

    private static TimeSpan Deadline(TimeSpan value, [CallerMemberName] string setting = "")
        => value > TimeSpan.Zero && value <= LongestTimeout
            ? value
            : throw new ArgumentOutOfRangeException(setting, value, $"{setting} must be greater than zero and at most 24 days.");

    private static TimeSpan Wait(TimeSpan value, [CallerMemberName] string setting = "")
        => value >= TimeSpan.Zero && value <= LongestTimeout
            ? value
            : throw new ArgumentOutOfRangeException(setting, value, $"{setting} must be between zero and 24 days.");

    private static int Between(int least, int value, int most, [CallerMemberName] string setting = "")
        => value >= least && value <= most
            ? value
            : throw new ArgumentOutOfRangeException(setting, value, string.Create(CultureInfo.InvariantCulture, $"{setting} must be between {least:N0} and {most:N0}."));
}
