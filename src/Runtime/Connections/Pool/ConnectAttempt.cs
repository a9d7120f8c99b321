using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Thrift.Transport;

namespace ThriftBreaker;

/// <summary>Specifies the current step of opening a connection.</summary>
internal enum ConnectStep
{
    Resolve,
    Connect,
    Tls,
    OnConnected,
}

/// <summary>Tracks the progress of opening one connection, which decides about the message of a failure.</summary>
internal sealed class ConnectAttempt(ThriftEndpoint endpoint, ThriftChannelOptions options)
{
    private const string PacketAdvice = "Check that the host is up and that nothing drops packets to this port.";

    public ConnectStep Step { get; set; } = ConnectStep.Connect;

    /// <summary>Gets or sets the addresses that the host's name has been resolved to; empty for an address.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; set; } = [];

    /// <summary>
    /// Gets the message for an attempt that exceeded <see cref="ThriftChannelOptions.ConnectTimeout"/>.
    /// </summary>
    public string GetTimeoutMessage() => string.Create(
        CultureInfo.InvariantCulture,
        $"No connection to {endpoint} within the ConnectTimeout of {options.ConnectTimeout.TotalSeconds:0.###} s. {GetTimeoutAdvice()}");

    /// <summary>
    /// Creates the exception for a failed attempt: of the same type as that of Thrift's transports, and with the
    /// endpoint, which the message of the reason does not name. Returns null if the reason is not a connection failure.
    /// </summary>
    public TTransportException? CreateException(Exception reason)
    {
        var advice = Step switch
        {
            ConnectStep.OnConnected => "OnConnected has failed.",
            _ when reason is TTransportException => null,
            ConnectStep.Tls => "Check that the server uses TLS on this port, and which certificates each side requires.",
            _ when reason is SocketException socket => GetSocketAdvice(socket),
            _ when reason is IOException or UnauthorizedAccessException => "Check that the server runs and listens there, and which users have access.",
            _ => null,
        };
        return advice is null ? null : CreateException(FailureReason.Get(reason), advice, reason);
    }

    /// <summary>Creates the exception for a user callback that has failed.</summary>
    /// <param name="setting">The name of the setting.</param>
    /// <param name="reason">The exception of the callback.</param>
    public TTransportException CreateCallbackException(string setting, Exception reason)
        => CreateException(FailureReason.Get(reason), $"{setting} has failed.", reason);

    /// <summary>Creates the exception for a failure whose reason and remedy are known.</summary>
    /// <param name="reason">The reason, without a period.</param>
    /// <param name="advice">The remedy, as a sentence.</param>
    /// <param name="inner">The exception of the failure.</param>
    public TTransportException CreateException(string reason, string advice, Exception inner)
        => new(TTransportException.ExceptionType.NotOpen, $"No connection to {endpoint}: {reason}. {advice}", inner);

    private string GetTimeoutAdvice() => Step switch
    {
        ConnectStep.OnConnected => "OnConnected has not completed; check what it waits for.",
        ConnectStep.Resolve => "The host's name has not been resolved; check it, and that the DNS server responds.",
        ConnectStep.Tls => "The TLS handshake has not completed; check that the server uses TLS on this port.",
        _ when Addresses.Count > 1 => $"None of its addresses has answered ({string.Join(", ", Addresses)}). {PacketAdvice}",
        _ when endpoint.Kind == EndpointKind.Tcp => PacketAdvice,
        _ => "Check that the server runs and listens there.",
    };

    private static string GetSocketAdvice(SocketException reason) => reason.SocketErrorCode is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData
        ? "Check the host's name."
        : "Check that the server runs and listens there.";
}
