using System.Diagnostics;

namespace ThriftBreaker.Runtime.Tests.Connections.Endpoints;

/// <summary>Waits for what another thread is about to do.</summary>
internal static class Eventually
{
    /// <summary>How long it may take before it is called a hang. Never the measure of a success.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static async Task HoldsAsync(Func<bool> condition)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Deadline, $"Not within {Deadline.TotalSeconds} s.");
            await Task.Yield();
        }
    }

    public static Task EndsAsync(Task step) => step.WaitAsync(Deadline, TestContext.Current.CancellationToken);

    public static Task<T> EndsAsync<T>(Task<T> step) => step.WaitAsync(Deadline, TestContext.Current.CancellationToken);
}
