namespace ThriftBreaker.Runtime.Tests;

/// <summary>Counts what a step allocates.</summary>
internal static class Allocations
{
    /// <summary>
    /// Asserts that a step allocates nothing. The least of several attempts counts, because .NET allocates on this
    /// thread in some of them, when it optimizes the code.
    /// </summary>
    public static void None(Action step, int steps = 1_000)
    {
        const int Attempts = 10;
        var least = long.MaxValue;
        for (var attempt = 0; attempt < Attempts && least > 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var count = 0; count < steps; count++)
            {
                step();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }
}
