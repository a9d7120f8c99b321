using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Circuit.Calculators;
using Microsoft.Extensions.Logging.Abstractions;
using Thrift;
using Thrift.Protocol;
using Thrift.Transport.Client;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>
/// A calculator over HTTP on loopback that can also answer with any bytes, or not at all, or close its connections.
/// </summary>
internal sealed class RawHttpServer : IAsyncDisposable
{
    private readonly Func<RawHttpRequest, Task> _answerAsync;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _acceptLoop;
    private int _requests;
    private int _opened;
    private int _closed;

    public RawHttpServer(Func<RawHttpRequest, Task> answerAsync)
    {
        _answerAsync = answerAsync;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/thrift");
        _acceptLoop = AcceptAsync();
    }

    public CalculatorHandler Handler { get; } = new();

    public Uri Address { get; }

    public int RequestCount => Volatile.Read(ref _requests);

    public int OpenCount => Volatile.Read(ref _opened) - Volatile.Read(ref _closed);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _acceptLoop.WaitAsync(Deadline.Short);
        _listener.Dispose();
        await Task.WhenAll(_connections).WaitAsync(Deadline.Short);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _opened);
                _connections.Add(ServeAsync(socket));
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            while (await ReadRequestAsync(stream) is { } body)
            {
                await _answerAsync(new RawHttpRequest(Interlocked.Increment(ref _requests), body, socket, Handler, _stop.Token));
            }
        }
        catch (Exception disconnected) when (disconnected is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
        }
        finally
        {
            Interlocked.Increment(ref _closed);
        }
    }

    /// <summary>Reads one request; null at the end of the connection.</summary>
    private async Task<byte[]?> ReadRequestAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
            {
                return null;
            }

            head.Append((char)one[0]);
        }

        var length = head.ToString().Split("\r\n").First(static line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        var body = new byte[int.Parse(length.AsSpan("Content-Length:".Length), CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, _stop.Token);
        return body;
    }
}

/// <summary>A request to a <see cref="RawHttpServer"/>, and its connection.</summary>
internal sealed class RawHttpRequest(int number, byte[] body, Socket connection, CalculatorHandler handler, CancellationToken stopped)
{
    /// <summary>The number among all requests to the server; the first is 1.</summary>
    public int Number => number;

    public byte[] Body => body;

    /// <summary>Sends the calculator's reply.</summary>
    public async Task ReplyAsync() => await ReplyAsync(await CreateReplyAsync());

    /// <summary>Sends a body with these header lines.</summary>
    public async Task ReplyAsync(byte[] content, params string[] headers)
    {
        var lines = string.Concat(headers.Select(static header => $"{header}\r\n"));
        await connection.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{lines}Content-Length: {content.Length}\r\n\r\n"), stopped);
        await connection.SendAsync(content, stopped);
    }

    /// <summary>Creates the calculator's reply.</summary>
    public async Task<byte[]> CreateReplyAsync()
    {
        using var reply = new MemoryStream();
        using var transport = new TStreamTransport(new MemoryStream(body), reply, new TConfiguration());
        using var protocol = new TBinaryProtocol(transport);
        await new Calculator.AsyncProcessor(handler, NullLogger<Calculator.AsyncProcessor>.Instance).ProcessAsync(protocol, protocol, stopped);
        return reply.ToArray();
    }

    /// <summary>Sends these bytes and closes the connection.</summary>
    public async Task SendAndCloseAsync(ReadOnlyMemory<byte> response)
    {
        await connection.SendAsync(response, stopped);
        connection.Dispose();
    }

    /// <summary>Sends the first bytes of a reply and closes the connection.</summary>
    public async Task ReplyPartlyAsync()
    {
        await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n\u0080"u8.ToArray(), stopped);
        connection.Dispose();
    }

    /// <summary>Closes the connection without an answer.</summary>
    /// <param name="reset">Whether the client receives a reset instead of the end of the stream.</param>
    public Task CloseAsync(bool reset)
    {
        connection.LingerState = new LingerOption(reset, 0);
        connection.Dispose();
        return Task.CompletedTask;
    }
}
