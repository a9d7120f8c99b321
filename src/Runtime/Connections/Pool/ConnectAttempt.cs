using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using Thrift.Transport;

namespace ThriftBreaker;

/// <summary>Specifies the current step of opening a connection.</summary>
internal enum ConnectStep
{
    Connect,
    Tls,
    OnConnected,
}

/// <summary>Tracks the progress of opening one connection, which decides about the message of a failure.</summary>
internal sealed class ConnectAttempt(ThriftEndpoint endpoint, ThriftChannelOptions options)
{
    public ConnectStep Step { get; set; }

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
            ConnectStep.Tls when reason is AuthenticationException or IOException or SocketException => "Check that the server uses TLS on this port, and which certificates each side requires.",
            ConnectStep.Connect when reason is SocketException socket => GetSocketAdvice(socket),
            ConnectStep.Connect when reason is IOException or UnauthorizedAccessException => "Check that the server runs and listens there, and which users have access.",
            _ => null,
        };
        return advice is null
            ? null
            : new TTransportException(TTransportException.ExceptionType.NotOpen, $"No connection to {endpoint}: {reason.Message.TrimEnd('.')}. {advice}", reason);
    }

    private string GetTimeoutAdvice() => Step switch
    {
        ConnectStep.OnConnected => "OnConnected has not completed; check what it waits for.",
        ConnectStep.Tls => "The TLS handshake has not completed; check that the server uses TLS on this port.",
        _ when endpoint.Kind == EndpointKind.Tcp => "Check that the host is up and that nothing drops packets to this port.",
        _ => "Check that the server runs and listens there.",
    };

    private static string GetSocketAdvice(SocketException reason) => reason.SocketErrorCode is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData
        ? "Check the host's name."
        : "Check that the server runs and listens there.";
}
