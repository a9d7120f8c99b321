using System.Diagnostics;
using System.Globalization;

namespace ThriftBreaker.WireBenchmarks;

/// <summary>Measures all contenders in turn and prints the medians.</summary>
internal static class Comparison
{
    public static async Task RunAsync(TimeSpan duration, int rounds, bool framed, string[]? only, Payload[] payloads, int[] callerCounts)
    {
        using var server = StartServers(out var ports);
        var thrift = new ThriftEndpoint("127.0.0.1", ports[framed ? 1 : 0]) { Transport = framed ? ThriftTransport.Framed : ThriftTransport.Buffered };
        List<Contender> contenders = [new RawSocket(ports[2]), new BareThrift(thrift), new SemaphorePool(thrift), new BreakerClient(thrift), new GrpcClient(ports[3])];
        contenders.RemoveAll(contender => only is not null && !only.Contains(contender.Name));
        Console.WriteLine("| payload | callers | contender | client CPU µs | calls/s | p50 µs | p99 µs | bytes |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var payload in payloads)
        {
            foreach (var callers in callerCounts)
            {
                await CompareAsync(contenders, payload, callers, duration, rounds);
            }
        }

        foreach (var contender in contenders)
        {
            await contender.DisposeAsync();
        }

        server.StandardInput.Close();
        await server.WaitForExitAsync();
    }

    private static async Task CompareAsync(List<Contender> contenders, Payload payload, int callerCount, TimeSpan duration, int rounds)
    {
        var callers = new Dictionary<Contender, Func<Task>[]>();
        foreach (var contender in contenders)
        {
            callers[contender] = await Task.WhenAll(Enumerable.Range(0, callerCount).Select(_ => contender.CreateCallerAsync(payload)));
            await MeasureAsync(callers[contender], duration / 2);
        }

        var results = contenders.ToDictionary(static contender => contender, static _ => new List<Measurement>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var contender in contenders)
            {
                results[contender].Add(await MeasureAsync(callers[contender], duration));
            }
        }

        foreach (var contender in contenders)
        {
            var all = results[contender];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {payload} | {callerCount} | {contender.Name} | {GetMedian(all, static one => one.Cpu):0.0} | {GetMedian(all, static one => one.Rate):0} | {GetMedian(all, static one => one.P50):0} | {GetMedian(all, static one => one.P99):0} | {GetMedian(all, static one => one.Bytes):0} |"));
        }
    }

    private static double GetMedian(List<Measurement> all, Func<Measurement, double> value)
    {
        double[] sorted = [.. all.Select(value).Order()];
        return sorted[sorted.Length / 2];
    }

    private static async Task<Measurement> MeasureAsync(Func<Task>[] callers, TimeSpan duration)
    {
        // Before the measurement, and large enough that they never grow.
        List<double>[] latencies = [.. callers.Select(static _ => new List<double>(100_000))];
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(callers.Zip(latencies, (call, results) => Task.Run(() => CallAsync(call, start, duration, results))));
        var elapsed = Stopwatch.GetElapsedTime(start);
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        process.Refresh();
        cpu = process.TotalProcessorTime - cpu;

        double[] sorted = [.. latencies.SelectMany(static one => one).Order()];
        return new Measurement(
            cpu.TotalMicroseconds / sorted.Length, sorted.Length / elapsed.TotalSeconds, sorted[sorted.Length / 2], sorted[(int)(sorted.Length * 0.99)], (double)bytes / sorted.Length);
    }

    private static async Task CallAsync(Func<Task> call, long start, TimeSpan duration, List<double> latencies)
    {
        while (Stopwatch.GetElapsedTime(start) < duration)
        {
            var before = Stopwatch.GetTimestamp();
            await call();
            latencies.Add(Stopwatch.GetElapsedTime(before).TotalMicroseconds);
        }
    }

    private static Process StartServers(out int[] ports)
    {
        var server = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. Environment.GetCommandLineArgs()[..1].Where(static name => Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal)), "--serve"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        ports = [.. server.StandardOutput.ReadLine()!.Split(' ').Select(int.Parse)];
        return server;
    }

    /// <param name="Cpu">Processor time of the client process for each call, in microseconds.</param>
    /// <param name="Rate">Calls in a second.</param>
    /// <param name="P50">Median latency in microseconds.</param>
    /// <param name="P99">Latency that 99 % of the calls do not exceed, in microseconds.</param>
    /// <param name="Bytes">Allocated bytes for each call.</param>
    private sealed record Measurement(double Cpu, double Rate, double P50, double P99, double Bytes);
}
