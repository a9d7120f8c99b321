using System.Diagnostics;

namespace ThriftBreaker.Runtime.Tests.Connections.Endpoints;

/// <summary>Waits for the result of another thread.</summary>
internal static class Eventually
{
    /// <summary>The time after which a wait counts as a hang. Success never depends on it.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static async Task BecomesTrueAsync(Func<bool> condition)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Deadline, $"Not within {Deadline.TotalSeconds} s.");
            await Task.Yield();
        }
    }

    public static Task CompletesAsync(Task task) => task.WaitAsync(Deadline, TestContext.Current.CancellationToken);

    public static Task<T> CompletesAsync<T>(Task<T> task) => task.WaitAsync(Deadline, TestContext.Current.CancellationToken);
}
