using System.Globalization;
using Spectre.Console;

namespace Cluster;

/// <summary>The table at the end.</summary>
internal static class Report
{
    public static void Print(Story story, FileInfo picture)
    {
        var table = new Table().RoundedBorder().AddColumn("Cluster");
        foreach (var column in new[] { "Calls", "Succeeded", "Failed", "Rejected", "p50", "p99" })
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (var phase in new[] { story.Healthy, story.Turn, story.Steady, story.Compared })
        {
            table.AddRow(
                phase.Name,
                Number(phase.Calls.Count),
                Share(phase),
                Number(Count(phase, Ending.Failed)),
                Number(Count(phase, Ending.Rejected)),
                Milliseconds(Percentile(phase, 0.5)),
                Milliseconds(Percentile(phase, 0.99)));
        }

        AnsiConsole.WriteLine();
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine($"The picture is {picture.FullName}");
        AnsiConsole.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Steady state: {Share(story.Steady)} of {Number(story.Steady.Calls.Count)} calls succeeded; p99 {Milliseconds(Percentile(story.Steady, 0.99))}, {Percentile(story.Steady, 0.99) / Percentile(story.Healthy, 0.99):0.00} × the healthy cluster's."));
    }

    /// <summary>The time within which this share of the answers came.</summary>
    public static TimeSpan Percentile(Phase phase, double share)
    {
        TimeSpan[] times = [.. phase.Calls.Where(static call => call.Ending == Ending.Answered).Select(static call => call.Took).Order()];
        return times.Length == 0 ? TimeSpan.Zero : times[(int)(share * (times.Length - 1))];
    }

    private static int Count(Phase phase, Ending ending) => phase.Calls.Count(call => call.Ending == ending);

    /// <summary>Rounded down: what is not all is not 100 %.</summary>
    private static string Share(Phase phase) => string.Create(
        CultureInfo.InvariantCulture, $"{Math.Floor(10_000.0 * Count(phase, Ending.Answered) / phase.Calls.Count) / 100:0.00} %");

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.0} ms");
}
