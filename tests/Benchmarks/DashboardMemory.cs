using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace ThriftBreaker.Benchmarks;

/// <summary>
/// Measures the memory of an app with 5,000 circuit breakers and a full history, while 50 viewers join its page at the
/// same time, and while 50 clients request its API. The app is a separate process with the garbage collector of
/// ASP.NET Core. Linux only.
/// </summary>
internal static class DashboardMemory
{
    private const int CircuitBreakerCount = 5_000;
    private const int ChangesOfEach = 10;
    private const int Clients = 50;

    public static async Task RunAsync()
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(5) };
        Console.WriteLine($"{CircuitBreakerCount:N0} circuit breakers, {CircuitBreakerCount * ChangesOfEach:N0} state changes | MB before | peak MB | bytes of one response");
        await MeasureAsync($"{Clients} viewers", async address =>
        {
            var events = await client.GetStreamAsync(new Uri(address, "/breakers/events"));
            return await ReadEventAsync(events);
        });
        await MeasureAsync($"{Clients} requests of the API", async address => (await client.GetByteArrayAsync(new Uri(address, "/breakers/api"))).Length);
    }

    /// <summary>Starts an app, and measures it while clients run at the same time.</summary>
    private static async Task MeasureAsync(string what, Func<Uri, Task<int>> run)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["--serve-dashboard"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["DOTNET_gcServer"] = "1";
        using var app = Process.Start(start)!;
        try
        {
            var address = new Uri(await app.StandardOutput.ReadLineAsync() ?? "");

            // Resets the peak; see proc_pid_clear_refs(5).
            await File.WriteAllTextAsync($"/proc/{app.Id}/clear_refs", "5");
            var before = GetMegabytes(app, "VmRSS");
            var bytes = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => run(address)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} | {before} | {GetMegabytes(app, "VmHWM")} | {bytes[0]:N0}"));
        }
        finally
        {
            app.Kill();
        }
    }

    /// <summary>Runs the app until its standard input ends.</summary>
    public static async Task ServeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.MapThriftBreakers("/breakers");
        CircuitBreaker[] circuitBreakers = [.. Enumerable.Range(0, CircuitBreakerCount).Select(static number => new CircuitBreaker(new() { Name = $"Service{number / 20}.method{number % 20}" }))];
        for (var change = 0; change < ChangesOfEach / 2; change++)
        {
            foreach (var circuitBreaker in circuitBreakers)
            {
                circuitBreaker.Open();
                circuitBreaker.Close();
            }
        }

        await app.StartAsync();
        GC.Collect();
        Console.WriteLine(app.Urls.Single());
        await Console.In.ReadToEndAsync();
        GC.KeepAlive(circuitBreakers);
    }

    /// <summary>Returns the length of the first event. The stream stays open.</summary>
    private static async Task<int> ReadEventAsync(Stream events)
    {
        var (buffer, total, last) = (new byte[64 * 1024], 0, (byte)0);
        while (true)
        {
            var count = await events.ReadAsync(buffer);
            total += count;
            if (count == 0 || (buffer[count - 1] == '\n' && (count > 1 ? buffer[count - 2] : last) == '\n'))
            {
                return total;
            }

            last = buffer[count - 1];
        }
    }

    private static long GetMegabytes(Process process, string name)
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith($"{name}:", StringComparison.Ordinal));
        return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
