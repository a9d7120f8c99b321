using System.Net;
using System.Net.Sockets;
using Circuit.Calculators;
using Microsoft.Extensions.Logging.Abstractions;
using Thrift;
using Thrift.Transport.Client;
using ThriftBreaker.Integration.Tests.Fuzz;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>A calculator over HTTP on loopback, with ApacheThrift's processor and the framework's listener.</summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly WireFormat _wireFormat;
    private readonly Calculator.AsyncProcessor _processor;
    private readonly Task _serving;
    private int _requests;

    public HttpServer(ThriftProtocol protocol = ThriftProtocol.Binary)
    {
        _wireFormat = new WireFormat(ThriftTransport.Buffered, protocol);
        _processor = new Calculator.AsyncProcessor(Handler, NullLogger<Calculator.AsyncProcessor>.Instance);
        Address = new Uri($"http://127.0.0.1:{GetFreePort()}/thrift/");
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _serving = ServeAsync();
    }

    public CalculatorHandler Handler { get; } = new();

    public Uri Address { get; }

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>The status of the response; without a reply unless it is 200.</summary>
    public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

    /// <summary>The body of the response instead of a reply; null for the reply.</summary>
    public byte[]? Body { get; set; }

    /// <summary>Creates the replies instead of the calculator; null for the calculator.</summary>
    public IReplySource? ReplySource { get; init; }

    public string? ContentType { get; private set; }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving.WaitAsync(Deadline.Short);
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _ = RespondAsync(await _listener.GetContextAsync());
            }
        }
        catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
        {
        }
    }

    private async Task RespondAsync(HttpListenerContext context)
    {
        Interlocked.Increment(ref _requests);
        ContentType = context.Request.ContentType;
        try
        {
            using var request = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(request);
            if (ReplySource is not null)
            {
                await RespondAsync(context.Response, request.ToArray(), ReplySource);
                return;
            }

            using var reply = new MemoryStream();
            if (Body is null && Status == HttpStatusCode.OK)
            {
                request.Position = 0;
                var transport = new TStreamTransport(request, reply, new TConfiguration());
                var protocol = _wireFormat.ProtocolFactory.GetProtocol(transport);
                await _processor.ProcessAsync(protocol, protocol);
            }

            var body = Body ?? reply.ToArray();
            context.Response.StatusCode = (int)Status;
            context.Response.ContentLength64 = body.Length;
            await context.Response.OutputStream.WriteAsync(body);
            context.Response.Close();
        }
        catch (Exception disconnected) when (disconnected is HttpListenerException or ObjectDisposedException or IOException or InvalidOperationException)
        {
        }
    }

    private static async Task RespondAsync(HttpListenerResponse response, byte[] request, IReplySource source)
    {
        var reply = source.CreateReply(request);
        try
        {
            if (reply.Forever is { } forever)
            {
                response.SendChunked = true;
                await response.OutputStream.WriteAsync(reply.Bytes);
                var endless = Enumerable.Repeat(forever, 1_000).SelectMany(static part => part).ToArray();
                while (true)
                {
                    await response.OutputStream.WriteAsync(endless);
                }
            }

            response.ContentLength64 = reply.Bytes.Length + (reply.Silence ? 1 : 0);
            await response.OutputStream.WriteAsync(reply.Bytes);
            if (!reply.Silence)
            {
                response.Close();
            }
        }
        finally
        {
            source.OnSent(reply);
        }
    }

    private static int GetFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
