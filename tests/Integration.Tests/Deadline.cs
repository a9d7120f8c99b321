namespace ThriftBreaker.Integration.Tests;

/// <summary>How long anything here may take before it is called a hang. Never the measure of a success.</summary>
internal static class Deadline
{
    public static readonly TimeSpan Short = TimeSpan.FromSeconds(20);
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(120);

    /// <summary>Waits for something that happens on another thread or in another process.</summary>
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
