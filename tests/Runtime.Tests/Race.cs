using System.Collections.Concurrent;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests;

/// <summary>Runs threads that start together, again and again, to find races between two instructions.</summary>
internal static class Race
{
    /// <summary>The time after which a race counts as hanging. No test passes because of it.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(TestRun.Times(quick: 3, @long: 30));

    public static void Run(int threads, Action<int> run) => Run(threads, rounds: 1, static () => { }, run, static () => { });

    /// <summary>Runs rounds of a race between two threads that take each step at the same time.</summary>
    /// <param name="steps">The number of steps in a round.</param>
    /// <param name="rounds">The number of rounds.</param>
    /// <param name="before">Sets up a round, while no thread runs.</param>
    /// <param name="run">Runs a step; gets the numbers of the thread and of the step.</param>
    /// <param name="after">Checks a round, after both threads have ended.</param>
    public static void RunPaired(int steps, int rounds, Action before, Action<int, int> run, Action after)
    {
        var at = new int[2];
        Run(
            threads: 2,
            rounds,
            before: () =>
            {
                Array.Clear(at);
                before();
            },
            run: number =>
            {
                for (var step = 0; step < steps; step++)
                {
                    Volatile.Write(ref at[number], step);
                    SpinWait.SpinUntil(() => Volatile.Read(ref at[1 - number]) >= step);
                    run(number, step);
                }

                Volatile.Write(ref at[number], steps);
            },
            after);
    }

    /// <summary>Runs rounds of a race.</summary>
    /// <param name="threads">The number of threads.</param>
    /// <param name="rounds">The number of rounds.</param>
    /// <param name="before">Sets up a round, while no thread runs.</param>
    /// <param name="run">Runs on each thread; gets its number.</param>
    /// <param name="after">Checks a round, after all threads have ended.</param>
    public static void Run(int threads, int rounds, Action before, Action<int> run, Action after)
    {
        var errors = new ConcurrentQueue<Exception>();

        // Not disposed: a thread that hangs may use them after the test.
        var over = new CancellationTokenSource(Deadline);
        var line = new Barrier(threads + 1);
        var runners = Enumerable.Range(0, threads).Select(number => new Thread(() => RunAll(number)) { IsBackground = true }).ToList();
        runners.ForEach(static runner => runner.Start());
        try
        {
            for (var round = 0; round < rounds; round++)
            {
                before();
                line.SignalAndWait(over.Token);
                line.SignalAndWait(over.Token);
                Assert.Empty(errors);
                after();
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail("A thread hangs.");
        }
        finally
        {
            over.Cancel();
        }

        void RunAll(int number)
        {
            try
            {
                for (var round = 0; round < rounds; round++)
                {
                    line.SignalAndWait(over.Token);
                    try
                    {
                        run(number);
                    }
#pragma warning disable CA1031 // The test's thread reports it.
                    catch (Exception error)
#pragma warning restore CA1031
                    {
                        errors.Enqueue(error);
                    }

                    line.SignalAndWait(over.Token);
                }
            }
            catch (OperationCanceledException)
            {
                // The test has failed, or another thread hangs.
            }
        }
    }
}
