using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace ThriftBreaker.Benchmarks;

/// <summary>What the page of the circuits costs an app that has a thousand of them, while nobody looks at it, while somebody does, and while all of them flap. The viewer is a process of its own.</summary>
internal static class DashboardCost
{
    private const int Circuits = 1_000;
    private const int BusyCircuits = 100;
    private const int CallsPerTick = 100;
    private const int TicksPerChange = 5;

    /// <summary>In an outage each circuit changes its state once a second.</summary>
    private const int ChangesPerTick = 100;

    // Rarely: a timer costs more than what is done at its ticks.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>What runs three times a second is compiled late, and that costs more than it does.</summary>
    private static readonly TimeSpan SlowStartWindow = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(30);

    private static volatile bool s_isOutage;

    public static async Task RunAsync()
    {
        CircuitBreaker[] circuits = [.. Enumerable.Range(0, Circuits).Select(static number => new CircuitBreaker(new() { Name = $"Service{number / 20}.method{number % 20}" }))];
        using var end = new CancellationTokenSource();
        var load = CallAsync(circuits, end.Token);
        Console.WriteLine($"{Circuits:N0} circuits, of which {BusyCircuits} get about {CallsPerTick / Tick.TotalSeconds:N0} calls per second, and two a second change their state | % of a core | more than the calls alone");
        var alone = await MeasureAsync();
        Tell("the calls alone", alone);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.MapThriftBreakers("/breakers");
        await app.StartAsync();
        Tell("nobody looks at the page", await MeasureAsync());

        using var viewer = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["--view", $"{app.Urls.Single()}/breakers/events"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        try
        {
            Console.WriteLine($"(the first message has {await viewer.StandardOutput.ReadLineAsync()} characters)");
            Tell("one viewer", await MeasureAsync());
            s_isOutage = true;
            Tell("one viewer, and every circuit changes its state once a second", await MeasureAsync());
        }
        finally
        {
            viewer.Kill();
        }

        Tell("nobody looks any more, and they still do", await MeasureAsync());

        await end.CancelAsync();
        await load;

        void Tell(string stage, double share)
            => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{stage} | {share:0.00} | {share - alone:0.00}"));
    }

    /// <summary>The viewer's process: reads until it is killed, or until who started it is gone.</summary>
    public static async Task ViewAsync(string address)
    {
        using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        using var events = new StreamReader(await client.GetStreamAsync(new Uri(address)));
        Console.WriteLine((await events.ReadLineAsync())!.Length);
        var reading = events.BaseStream.CopyToAsync(Stream.Null);
        await Task.WhenAny(reading, Console.In.ReadToEndAsync());
    }

    private static async Task CallAsync(CircuitBreaker[] circuits, CancellationToken end)
    {
        using var pace = new PeriodicTimer(Tick);
        var random = new Random(1);
        try
        {
            for (var tick = 1; await pace.WaitForNextTickAsync(end); tick++)
            {
                for (var call = 0; call < CallsPerTick; call++)
                {
                    if (circuits[random.Next(BusyCircuits)].TryEnter(out var ticket))
                    {
                        ticket.Complete(CallOutcome.Success);
                    }
                }

                if (tick % TicksPerChange == 0)
                {
                    Flap(circuits[random.Next(Circuits)]);
                }

                for (var change = 0; s_isOutage && change < ChangesPerTick; change++)
                {
                    Flap(circuits[((tick * ChangesPerTick) + change) % Circuits]);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static void Flap(CircuitBreaker circuit)
    {
        if (circuit.State == CircuitState.Open)
        {
            circuit.Close();
        }
        else
        {
            circuit.Open();
        }
    }

    /// <summary>How much of a core the process takes, once what runs often has been compiled.</summary>
    private static async Task<double> MeasureAsync()
    {
        await Task.Delay(SlowStartWindow);
        var (before, start) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        await Task.Delay(Measured);
        return 100 * (Environment.CpuUsage.TotalTime - before) / Stopwatch.GetElapsedTime(start);
    }
}
