using System.Net.Sockets;

namespace ThriftBreaker;

/// <summary>Creates the socket of a connection, with its options.</summary>
internal static class SocketFactory
{
    private const int LinuxTcpLevel = 6;
    private const int LinuxTcpUserTimeout = 18;

    /// <summary>Creates a socket that is not connected yet.</summary>
    /// <exception cref="SocketException">The system does not support the address family.</exception>
    /// <exception cref="Thrift.Transport.TTransportException">
    /// <see cref="ThriftChannelOptions.ConfigureSocket"/> has failed.
    /// </exception>
    public static Socket Create(AddressFamily family, ThriftChannelOptions options, ConnectAttempt attempt)
    {
        var isTcp = family != AddressFamily.Unix;
        var socket = new Socket(family, SocketType.Stream, isTcp ? ProtocolType.Tcp : ProtocolType.Unspecified);
        try
        {
            if (isTcp)
            {
                socket.NoDelay = true;
                SetKeepAlive(socket, options);
            }

            Configure(socket, options, attempt);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void SetKeepAlive(Socket socket, ThriftChannelOptions options)
    {
        if (options.TcpKeepAliveTime == TimeSpan.Zero)
        {
            return;
        }

        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        try
        {
            Set(SocketOptionName.TcpKeepAliveTime, ToSeconds(options.TcpKeepAliveTime));
            Set(SocketOptionName.TcpKeepAliveInterval, ToSeconds(options.TcpKeepAliveInterval));
            Set(SocketOptionName.TcpKeepAliveRetryCount, options.TcpKeepAliveRetryCount);
            if (OperatingSystem.IsLinux())
            {
                var timeout = BitConverter.GetBytes(GetUserTimeout(options));
                socket.SetRawSocketOption(LinuxTcpLevel, LinuxTcpUserTimeout, timeout);
            }
        }
        catch (SocketException)
        {
            // Some systems have keepalive, but not its times: theirs apply.
        }

        void Set(SocketOptionName option, int value) => socket.SetSocketOption(SocketOptionLevel.Tcp, option, value);
    }

    /// <summary>
    /// Gets the milliseconds after which data without an acknowledgement end the connection: keepalive probes are not
    /// sent while data are in flight. The timeout also limits connecting, which has its own.
    /// </summary>
    private static int GetUserTimeout(ThriftChannelOptions options)
    {
        var silence = options.TcpKeepAliveTime + (options.TcpKeepAliveInterval * options.TcpKeepAliveRetryCount);
        var longest = silence > options.ConnectTimeout ? silence : options.ConnectTimeout;
        return (int)Math.Min(int.MaxValue, longest.TotalMilliseconds);
    }

    private static int ToSeconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);

    private static void Configure(Socket socket, ThriftChannelOptions options, ConnectAttempt attempt)
    {
        try
        {
            options.ConfigureSocket?.Invoke(socket);
        }
        catch (Exception error)
        {
            throw attempt.CreateCallbackException(nameof(options.ConfigureSocket), error);
        }
    }
}
