using System.Diagnostics;
using System.Globalization;
using Circuit.Example;

namespace ThriftBreaker.Benchmarks;

/// <summary>
/// Measures the calls per second of one caller to a server that runs already, for a comparison with clients in other
/// languages: over a connection for each call, and over the pool.
/// </summary>
internal static class PythonServer
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(4);

    public static async Task RunAsync(int port)
    {
        await using var perCall = MyService.CircuitBreakerClient.Connect(new ThriftEndpoint("127.0.0.1", port), new ThriftChannelOptions { ConnectionPerCall = true });
        await using var pooled = MyService.CircuitBreakerClient.Connect("127.0.0.1", port);

        // The first round also compiles.
        await MeasureAsync(perCall);
        await MeasureAsync(pooled);
        var (perCallRate, pooledRate) = (await MeasureAsync(perCall), await MeasureAsync(pooled));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"connection per call: {perCallRate:0} calls/s, pooled: {pooledRate:0} calls/s"));
    }

    private static async Task<double> MeasureAsync(MyService.CircuitBreakerClient client)
    {
        var request = new Request { Data = "hi" };
        var (calls, start) = (0, Stopwatch.GetTimestamp());
        for (; Stopwatch.GetElapsedTime(start) < Duration; calls++)
        {
            await client.doSomething(request);
        }

        return calls / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
