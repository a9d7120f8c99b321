using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace ThriftBreaker.Benchmarks;

/// <summary>
/// Measures the cost of the dashboard for an app with a thousand circuit breakers: without a viewer, with a viewer, and
/// while all circuits change their states. The viewer is a separate process.
/// </summary>
internal static class DashboardCost
{
    private const int CircuitBreakerCount = 1_000;
    private const int BusyCircuitBreakers = 100;
    private const int CallsPerTick = 100;
    private const int TicksPerChange = 5;

    /// <summary>In an outage, each circuit changes its state once per second.</summary>
    private const int ChangesPerTick = 100;

    // A long interval: a timer costs more than the work at its ticks.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>Code that runs three times per second is compiled late, which costs more than its execution.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(30);

    private static volatile bool s_isOutage;

    public static async Task RunAsync()
    {
        CircuitBreaker[] circuitBreakers = [.. Enumerable.Range(0, CircuitBreakerCount).Select(static number => new CircuitBreaker(new() { Name = $"Service{number / 20}.method{number % 20}" }))];
        using var end = new CancellationTokenSource();
        var load = CallAsync(circuitBreakers, end.Token);
        Console.WriteLine($"{CircuitBreakerCount:N0} circuit breakers, of which {BusyCircuitBreakers} get about {CallsPerTick / Tick.TotalSeconds:N0} calls per second, and two change their state per second | % of a core | more than calls alone");
        var alone = await MeasureAsync();
        Print("calls alone", alone);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.MapThriftBreakers("/breakers");
        await app.StartAsync();
        Print("without a viewer", await MeasureAsync());

        using var viewer = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["--view", $"{app.Urls.Single()}/breakers/events"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        try
        {
            Console.WriteLine($"(the first message has {await viewer.StandardOutput.ReadLineAsync()} characters)");
            Print("one viewer", await MeasureAsync());
            s_isOutage = true;
            Print("one viewer, and every circuit changes its state once per second", await MeasureAsync());
        }
        finally
        {
            viewer.Kill();
        }

        Print("after the viewer has left, with the same state changes", await MeasureAsync());

        await end.CancelAsync();
        await load;

        void Print(string stage, double percent)
            => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{stage} | {percent:0.00} | {percent - alone:0.00}"));
    }

    /// <summary>Runs the viewer process until it is killed or the process that started it ends.</summary>
    public static async Task ViewAsync(string address)
    {
        using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        using var events = new StreamReader(await client.GetStreamAsync(new Uri(address)));
        Console.WriteLine((await events.ReadLineAsync())!.Length);
        var reading = events.BaseStream.CopyToAsync(Stream.Null);
        await Task.WhenAny(reading, Console.In.ReadToEndAsync());
    }

    private static async Task CallAsync(CircuitBreaker[] circuitBreakers, CancellationToken end)
    {
        using var pace = new PeriodicTimer(Tick);
        var random = new Random(1);
        try
        {
            for (var tick = 1; await pace.WaitForNextTickAsync(end); tick++)
            {
                for (var call = 0; call < CallsPerTick; call++)
                {
                    if (circuitBreakers[random.Next(BusyCircuitBreakers)].TryEnter(out var ticket))
                    {
                        ticket.Complete(CallOutcome.Success);
                    }
                }

                if (tick % TicksPerChange == 0)
                {
                    Flap(circuitBreakers[random.Next(CircuitBreakerCount)]);
                }

                for (var change = 0; s_isOutage && change < ChangesPerTick; change++)
                {
                    Flap(circuitBreakers[((tick * ChangesPerTick) + change) % CircuitBreakerCount]);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static void Flap(CircuitBreaker circuitBreaker)
    {
        if (circuitBreaker.State == CircuitState.Open)
        {
            circuitBreaker.Close();
        }
        else
        {
            circuitBreaker.Open();
        }
    }

    /// <summary>
    /// Gets the processor time of the process in percent of a core, after the JIT compilation of frequent code.
    /// </summary>
    private static async Task<double> MeasureAsync()
    {
        await Task.Delay(WarmUp);
        var (before, start) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        await Task.Delay(Measured);
        return 100 * (Environment.CpuUsage.TotalTime - before) / Stopwatch.GetElapsedTime(start);
    }
}
