using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using Thrift.Transport;

namespace ThriftBreaker;

/// <summary>What opening a connection is at.</summary>
internal enum OpeningStep
{
    Connect,
    Tls,
    OnConnected,
}

/// <summary>How far the opening of one connection has come, and so what its failure means.</summary>
internal sealed class ConnectAttempt(ThriftEndpoint endpoint, ThriftChannelOptions options)
{
    public OpeningStep Step { get; set; }

    /// <summary>What the caller reads when <see cref="ThriftChannelOptions.ConnectTimeout"/> is over.</summary>
    public string TimedOut() => string.Create(
        CultureInfo.InvariantCulture,
        $"No connection to {endpoint} within the ConnectTimeout of {options.ConnectTimeout.TotalSeconds:0.###} s. {PatienceAdvice()}");

    /// <summary>As Thrift's own transports report it, and with the address, which the reason's message lacks; null for what is no failure to connect.</summary>
    public TTransportException? Failed(Exception reason)
    {
        var advice = Step switch
        {
            OpeningStep.OnConnected => "OnConnected has failed.",
            OpeningStep.Tls when reason is AuthenticationException or IOException or SocketException => "Check that the server speaks TLS there, and which certificates each side wants.",
            OpeningStep.Connect when reason is SocketException socket => Advice(socket),
            OpeningStep.Connect when reason is IOException or UnauthorizedAccessException => "Check that the server runs and listens there, and who may connect.",
            _ => null,
        };
        return advice is null
            ? null
            : new TTransportException(TTransportException.ExceptionType.NotOpen, $"No connection to {endpoint}: {reason.Message.TrimEnd('.')}. {advice}", reason);
    }

    private string PatienceAdvice() => Step switch
    {
        OpeningStep.OnConnected => "OnConnected has not ended; check what it waits for.",
        OpeningStep.Tls => "The TLS handshake has not ended; check that the server speaks TLS there.",
        _ when endpoint.Kind == EndpointKind.Tcp => "Check that the host is up and that nothing drops packets to this port.",
        _ => "Check that the server runs and listens there.",
    };

    private static string Advice(SocketException reason) => reason.SocketErrorCode is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData
        ? "Check the host's name."
        : "Check that the server runs and listens there.";
}
