using System.Diagnostics;
using System.Globalization;
using System.Net;
using Circuit.Example;
using ThriftBreaker.Benchmarks.Contenders;

namespace ThriftBreaker.Benchmarks;

/// <summary>What a thousand endpoints of one channel cost while nobody calls them. The servers are one, in a process of its own, at a thousand addresses of the loopback.</summary>
internal static class IdleEndpoints
{
    private const int Endpoints = 1_000;
    private const int Callers = 16;
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task RunAsync()
    {
        if (!OperatingSystem.IsLinux())
        {
            Console.WriteLine("Only Linux answers at every address from 127.0.0.1 to 127.255.255.254, and lists the sockets of a process in /proc.");
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

    /// <summary>The server's process: serves until it is killed, or until who started it is gone.</summary>
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
        // What the first channel and the first call bring once is not the endpoints'.
        var first = Client(port, endpoints: 1);
        await first.doSomething(new Request { Data = "text" }).ConfigureAwait(false);
        await first.DisposeAsync().ConfigureAwait(false);

        var (memory, sockets) = (Memory(), Sockets());
        Console.WriteLine($"{Endpoints:N0} endpoints of one channel | bytes of each | sockets");
        var client = Client(port, Endpoints);
        await using (client.ConfigureAwait(false))
        {
            Tell("named, and never called");

            await CallEachAsync(client, sockets).ConfigureAwait(false);
            Tell("each with a connection that is kept");

            await UntilAsync(() => Sockets() == sockets).ConfigureAwait(false);
            Tell($"after IdleTimeout ({IdleTimeout.TotalSeconds} s)");
        }

        Console.WriteLine($"after the end of the channel: {Sockets() - sockets} sockets");

        void Tell(string stage)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{stage} | {(Memory() - memory) / Endpoints:N0} | {Sockets() - sockets:N0}"));
            GC.KeepAlive(client);
        }
    }

    private static MyService.CircuitBreakerClient Client(int port, int endpoints) => Unprotected.Connect(new ThriftChannel(
        Enumerable.Range(1, endpoints).Select(number => new ThriftEndpoint($"127.1.{number / 250}.{1 + (number % 250)}", port)),
        new ThriftChannelOptions { MaxConnections = 1, IdleTimeout = IdleTimeout }));

    /// <summary>Calls until the draws have hit every one.</summary>
    private static async Task CallEachAsync(MyService.CircuitBreakerClient client, int socketsBefore)
    {
        var request = new Request { Data = "text" };
        var areAll = false;
        var callers = Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (!Volatile.Read(ref areAll))
            {
                await client.doSomething(request).ConfigureAwait(false);
            }
        })).ToArray();
        await UntilAsync(() => Sockets() - socketsBefore == Endpoints).ConfigureAwait(false);
        Volatile.Write(ref areAll, true);
        await Task.WhenAll(callers).ConfigureAwait(false);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new TimeoutException($"Not within {Patience.TotalMinutes} min; is the machine very busy?");
            }

            await Task.Delay(100).ConfigureAwait(false);
        }
    }

    private static long Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static int Sockets() => Directory.EnumerateFileSystemEntries("/proc/self/fd")
        .Count(static descriptor => new FileInfo(descriptor).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);
}
