using System.Net;
using System.Net.Sockets;
using Circuit.Example;
using Thrift;
using Thrift.Protocol;
using Thrift.Transport.Client;

namespace ThriftBreaker.Benchmarks.Contenders;

/// <summary>
/// Replies to every request with the same bytes except the sequence ID, and allocates nothing: all allocations are
/// those of the client. A reply takes a millisecond, so that every call waits for it; a call that completes
/// synchronously allocates less.
/// </summary>
internal sealed class CannedServer : IDisposable
{
    /// <summary>
    /// The offset in a message of the binary protocol, after the version, the length of the name and the name.
    /// </summary>
    private const int SequenceIdOffset = 8 + 11;

    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] _reply = CreateReply();

    public CannedServer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public int Port { get; }

    public void Dispose() => _listener.Dispose();

    private void Accept()
    {
        try
        {
            while (true)
            {
                var connection = _listener.Accept();
                connection.NoDelay = true;
                new Thread(() => Serve(connection)) { IsBackground = true }.Start();
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
        }
    }

    private void Serve(Socket connection)
    {
        var request = new byte[1024];
        var reply = (byte[])_reply.Clone();
        try
        {
            // The request fits in one packet.
            while (connection.Receive(request) > 0)
            {
                Thread.Sleep(1);
                request.AsSpan(SequenceIdOffset, sizeof(int)).CopyTo(reply.AsSpan(SequenceIdOffset));
                connection.Send(reply);
            }
        }
        catch (SocketException)
        {
        }
    }

    /// <summary>Creates the reply of Thrift's processor.</summary>
    private static byte[] CreateReply()
    {
        var request = new TMemoryBufferTransport(new TConfiguration());
        var reply = new TMemoryBufferTransport(new TConfiguration());
#pragma warning disable TB0014 // The client makes no call: it serializes a request.
        var client = new MyService.Client(new TBinaryProtocol(request));
#pragma warning restore TB0014
        client.send_doSomething(new Request { Data = "text" }, CancellationToken.None).GetAwaiter().GetResult();
        var recorded = new TMemoryBufferTransport(request.GetBuffer(), new TConfiguration());
        new MyService.AsyncProcessor(new Handler()).ProcessAsync(new TBinaryProtocol(recorded), new TBinaryProtocol(reply), CancellationToken.None).GetAwaiter().GetResult();
        return reply.GetBuffer();
    }

    private sealed class Handler : MyService.IAsync
    {
        public Task<Response> doSomething(Request? request, CancellationToken cancellationToken = default) => Task.FromResult(new Response { Success = true });
    }
}
