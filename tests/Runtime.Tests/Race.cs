using System.Collections.Concurrent;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests;

/// <summary>Real threads that start together, again and again: what is wrong between two instructions shows here or nowhere.</summary>
internal static class Race
{
    /// <summary>How long a race may take before it is called a hang. Never the measure of a success.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(TestRun.Times(quick: 3, @long: 30));

    public static void Run(int threads, Action<int> run) => Run(threads, rounds: 1, static () => { }, run, static () => { });

    /// <summary>Runs rounds of a race between two that take each step at the same time: side by side, or they would meet once in a round at best.</summary>
    /// <param name="steps">How many steps there are in a round.</param>
    /// <param name="rounds">How many rounds.</param>
    /// <param name="before">Sets up a round, while no thread runs.</param>
    /// <param name="run">What each thread does, given its number and the step's.</param>
    /// <param name="after">Checks a round, when both are through.</param>
    public static void SideBySide(int steps, int rounds, Action before, Action<int, int> run, Action after)
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
    /// <param name="threads">How many threads run in each round.</param>
    /// <param name="rounds">How many rounds.</param>
    /// <param name="before">Sets up a round, while no thread runs.</param>
    /// <param name="run">What each thread does, given its number.</param>
    /// <param name="after">Checks a round, when all threads are through.</param>
    public static void Run(int threads, int rounds, Action before, Action<int> run, Action after)
    {
        var errors = new ConcurrentQueue<Exception>();

        // Neither is disposed: a thread that hangs may come back to them after the test.
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
#pragma warning disable CA1031 // The thread that holds the test reports it.
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
