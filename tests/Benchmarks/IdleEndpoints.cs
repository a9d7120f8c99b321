using System.Diagnostics;
using System.Globalization;
using System.Net;
using Circuit.Example;
using ThriftBreaker.Benchmarks.Contenders;

namespace ThriftBreaker.Benchmarks;

/// <summary>
/// Measures the cost of a thousand idle endpoints of one channel. The endpoints are one server in a separate process,
/// at a thousand loopback addresses.
/// </summary>
internal static class IdleEndpoints
{
    private const int Endpoints = 1_000;
    private const int Callers = 16;
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(2);

    public static async Task RunAsync()
    {
        if (!OperatingSystem.IsLinux())
        {
            Console.WriteLine("Only Linux listens on every address from 127.0.0.1 to 127.255.255.254, and lists the sockets of a process in /proc.");
            return;
        }

        using var server = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["--serve"]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        try
        {
            var port = int.Parse((await server.StandardOutput.ReadLineAsync().ConfigureAwait(false))!, CultureInfo.InvariantCulture);
            await MeasureAsync(port).ConfigureAwait(false);
        }
        finally
        {
            server.Kill();
        }
    }

    /// <summary>Runs the server process until it is killed or the process that started it ends.</summary>
    public static async Task ServeAsync()
    {
        var server = new LoopbackServer(IPAddress.Any);
        await using (server.ConfigureAwait(false))
        {
            Console.WriteLine(server.Port);
            await Console.In.ReadToEndAsync().ConfigureAwait(false);
        }
    }

    private static async Task MeasureAsync(int port)
    {
        // The one-time costs of the first channel and the first call are not those of endpoints.
        var first = CreateClient(port, endpoints: 1);
        await first.doSomething(new Request { Data = "text" }).ConfigureAwait(false);
        await first.DisposeAsync().ConfigureAwait(false);

        var (memory, sockets) = (GetMemory(), CountSockets());
        Console.WriteLine($"{Endpoints:N0} endpoints of one channel | bytes of each | sockets");
        var client = CreateClient(port, Endpoints);
        await using (client.ConfigureAwait(false))
        {
            Print("never called");

            await CallEachAsync(client, sockets).ConfigureAwait(false);
            Print("each with an idle connection");

            await UntilAsync(() => CountSockets() == sockets).ConfigureAwait(false);
            Print($"after IdleTimeout ({IdleTimeout.TotalSeconds} s)");
        }

        Console.WriteLine($"after the channel is disposed: {CountSockets() - sockets} sockets");

        void Print(string stage)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{stage} | {(GetMemory() - memory) / Endpoints:N0} | {CountSockets() - sockets:N0}"));
            GC.KeepAlive(client);
        }
    }

    private static MyService.CircuitBreakerClient CreateClient(int port, int endpoints) => Unprotected.Connect(new ThriftChannel(
        Enumerable.Range(1, endpoints).Select(number => new ThriftEndpoint($"127.1.{number / 250}.{1 + (number % 250)}", port)),
        new ThriftChannelOptions { MaxConnections = 1, IdleTimeout = IdleTimeout }));

    /// <summary>Makes calls until each endpoint has been selected.</summary>
    private static async Task CallEachAsync(MyService.CircuitBreakerClient client, int socketsBefore)
    {
        var request = new Request { Data = "text" };
        var haveAll = false;
        var callers = Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (!Volatile.Read(ref haveAll))
            {
                await client.doSomething(request).ConfigureAwait(false);
            }
        })).ToArray();
        await UntilAsync(() => CountSockets() - socketsBefore == Endpoints).ConfigureAwait(false);
        Volatile.Write(ref haveAll, true);
        await Task.WhenAll(callers).ConfigureAwait(false);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > MaxWait)
            {
                throw new TimeoutException($"Not within {MaxWait.TotalMinutes} min; is the machine very busy?");
            }

            await Task.Delay(100).ConfigureAwait(false);
        }
    }

    private static long GetMemory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static int CountSockets() => Directory.EnumerateFileSystemEntries("/proc/self/fd")
        .Count(static descriptor => new FileInfo(descriptor).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);
}
