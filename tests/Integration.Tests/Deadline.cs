namespace ThriftBreaker.Integration.Tests;

/// <summary>The times after which a step counts as a hang. Success never depends on them.</summary>
internal static class Deadline
{
    public static readonly TimeSpan Short = TimeSpan.FromSeconds(20);
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(120);

    /// <summary>Waits for a condition that another thread or process fulfills.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Short, $"Not within {Short.TotalSeconds} s: {what}.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
