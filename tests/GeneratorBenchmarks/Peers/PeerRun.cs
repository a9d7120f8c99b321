using System.Diagnostics;
using System.Globalization;
using Microsoft.CodeAnalysis;

namespace ThriftBreaker.GeneratorBenchmarks.Peers;

/// <summary>
/// Measures our generator and its peers in one process, alternating, and prints a table in Markdown for each size.
/// </summary>
internal static class PeerRun
{
    private static readonly (Size Size, int Rounds)[] Sizes = [(new(1, 20), 30), (new(40, 12), 20), (new(1000, 20), 7)];

    public static void Run()
    {
        foreach (var generator in PeerGenerator.All)
        {
            Check(generator);
        }

        foreach (var (size, rounds) in Sizes)
        {
            Print(size, rounds);
        }
    }

    /// <summary>
    /// Throws if a generator makes less than it has input for, since it would then be fast for nothing.
    /// </summary>
    private static void Check(PeerGenerator generator)
    {
        var result = generator.CreateDriver().RunGenerators(generator.CreateInput(new Size(2, 3))).GetRunResult();
        var made = result.GeneratedTrees.Sum(static tree => tree.ToString().Split(["Method0", "Property0"], StringSplitOptions.None).Length - 1);
        if (made < 2 || result.Results.Any(static each => each.Exception is not null))
        {
            throw new InvalidOperationException($"{generator.Name} generated nothing: {string.Join("; ", result.Diagnostics)}");
        }
    }

    private static void Print(Size size, int rounds)
    {
        // Rows by generator: the cold run first, then each edit.
        var times = PeerGenerator.All.Select(_ => new List<double>[PeerEdit.All.Count + 1].Select(static _ => new List<double>()).ToArray()).ToArray();
        for (var round = -2; round < rounds; round++)
        {
            for (var index = 0; index < times.Length; index++)
            {
                Measure(PeerGenerator.All[index], size, round + 2, round < 0 ? null : times[index]);
            }
        }

        Console.WriteLine($"\n| ms, {size} | {string.Join(" | ", PeerGenerator.All.Select(static generator => generator.Name))} |");
        Console.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---|", times.Length))}");
        for (var row = 0; row <= PeerEdit.All.Count; row++)
        {
            var name = row == 0 ? "cold: no symbol is bound yet" : PeerEdit.All[row - 1].Name;
            Console.WriteLine($"| {name} | {string.Join(" | ", times.Select(generator => Median(generator[row])))} |");
        }
    }

    private static void Measure(PeerGenerator generator, Size size, int round, List<double>[]? times)
    {
        var project = generator.CreateInput(size);
        var driver = generator.CreateDriver();
        Time(0, project);
        for (var edit = 0; edit < PeerEdit.All.Count; edit++)
        {
            project = PeerEdit.All[edit].Apply(project, generator, round);
            Time(edit + 1, project);
        }

        void Time(int row, Compilation input)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var start = Stopwatch.GetTimestamp();
            driver = driver.RunGenerators(input);
            times?[row].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
    }

    private static string Median(List<double> times)
    {
        times.Sort();
        var median = times[times.Count / 2];
        return median.ToString(median < 10 ? "0.0" : "#,0", CultureInfo.InvariantCulture);
    }
}
