using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Circuit.Example;
using Thrift;
using Thrift.Protocol;
using Thrift.Server;
using Thrift.Transport;
using Thrift.Transport.Server;
using ThriftBreaker;

namespace QuickStart;

/// <summary>
/// Runs the sample's own server as a second process of this program. Killing the process ends the server and all of its
/// connections at once, as a crash does.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private Process? _process;

    private ServerProcess(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Starts a server on this loopback port, or on a free port for 0, and waits until it listens.</summary>
    public static async Task<ServerProcess> StartAsync(
        int port, ThriftTransport transport, ThriftProtocol protocol, CancellationToken cancellationToken)
    {
        var program = Environment.ProcessPath!;
        string[] self = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(ServerProcess).Assembly.Location] : [];
        var process = Process.Start(new ProcessStartInfo(
            program,
            [.. self, "--serve", port.ToString(CultureInfo.InvariantCulture), "--transport", $"{transport}", "--protocol", $"{protocol}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

        var line = await process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20), cancellationToken);
        if (int.TryParse(line, CultureInfo.InvariantCulture, out var listening))
        {
            return new ServerProcess(process, listening);
        }

        using (process)
        {
            process.Kill();
            throw new InvalidOperationException($"The sample's own server did not start on port {port}; its output was '{line}'.");
        }
    }

    /// <summary>Kills the server. Further calls have no effect.</summary>
    public async ValueTask DisposeAsync()
    {
        using var process = Interlocked.Exchange(ref _process, null);
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    /// <summary>Serves in the server process, until it is killed or the program that started it has exited.</summary>
    public static async Task ServeAsync(int port, ThriftTransport transport, ThriftProtocol protocol)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);

        // Accepted sockets inherit it. Without it, replies over 1 KiB take 40 ms: ApacheThrift sends them in parts, and
        // Nagle's algorithm delays the last one.
        listener.Server.NoDelay = true;
        listener.Start();
        Console.WriteLine(((IPEndPoint)listener.LocalEndpoint).Port);

        var connections = new TServerSocketTransport(listener, new TConfiguration());
        TTransportFactory transports = transport == ThriftTransport.Framed ? new TFramedTransport.Factory() : new TBufferedTransport.Factory();
        TProtocolFactory protocols = protocol switch
        {
            ThriftProtocol.Compact => new TCompactProtocol.Factory(),
            ThriftProtocol.Json => new TJsonProtocol.Factory(),
            _ => new TBinaryProtocol.Factory(),
        };

        using var parentExited = new CancellationTokenSource();
        var serving = new TThreadPoolAsyncServer(new MyService.AsyncProcessor(new Handler()), connections, transports, protocols).ServeAsync(parentExited.Token);
        await Console.In.ReadToEndAsync(CancellationToken.None);
        await parentExited.CancelAsync();
        await serving;
    }

    private sealed class Handler : MyService.IAsync
    {
        public Task<Response> doSomething(Request? request, CancellationToken cancellationToken = default)
            => Task.FromResult(new Response { Success = true });
    }
}
