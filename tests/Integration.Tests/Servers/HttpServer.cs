using System.Net;
using System.Net.Sockets;
using Circuit.Calculators;
using Microsoft.Extensions.Logging.Abstractions;
using Thrift;
using Thrift.Transport.Client;
using ThriftBreaker.Integration.Tests.Fuzz;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>A calculator over HTTP on loopback: ApacheThrift's processor and protocols, and the listener of the framework.</summary>
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
        Address = new Uri($"http://127.0.0.1:{FreePort()}/thrift/");
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _serving = ServeAsync();
    }

    public CalculatorHandler Handler { get; } = new();

    public Uri Address { get; }

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Instead of a reply, where it is not 200.</summary>
    public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

    /// <summary>Instead of a reply, where it is not null.</summary>
    public byte[]? Body { get; set; }

    /// <summary>Answers in the place of the calculator.</summary>
    public IAnswer? Answer { get; init; }

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
                _ = AnswerAsync(await _listener.GetContextAsync());
            }
        }
        catch (Exception over) when (over is HttpListenerException or ObjectDisposedException)
        {
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        Interlocked.Increment(ref _requests);
        ContentType = context.Request.ContentType;
        try
        {
            using var request = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(request);
            if (Answer is not null)
            {
                await AnswerAsync(context.Response, request.ToArray(), Answer);
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
        catch (Exception gone) when (gone is HttpListenerException or ObjectDisposedException or IOException or InvalidOperationException)
        {
        }
    }

    private static async Task AnswerAsync(HttpListenerResponse response, byte[] request, IAnswer answer)
    {
        var script = answer.To(request);
        try
        {
            if (script.Forever is { } forever)
            {
                response.SendChunked = true;
                await response.OutputStream.WriteAsync(script.Bytes);
                var endless = Enumerable.Repeat(forever, 1_000).SelectMany(static part => part).ToArray();
                while (true)
                {
                    await response.OutputStream.WriteAsync(endless);
                }
            }

            response.ContentLength64 = script.Bytes.Length + (script.Silence ? 1 : 0);
            await response.OutputStream.WriteAsync(script.Bytes);
            if (!script.Silence)
            {
                response.Close();
            }
        }
        finally
        {
            answer.Given(script);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
