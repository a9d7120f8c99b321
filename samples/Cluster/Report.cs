using System.Globalization;
using Spectre.Console;

namespace Cluster;

/// <summary>Prints the results as a table.</summary>
internal static class Report
{
    public static void Print(Simulation simulation, FileInfo file)
    {
        var table = new Table().RoundedBorder().AddColumn("Cluster");
        foreach (var column in new[] { "Calls", "Succeeded", "Failed", "Rejected", "p50", "p99" })
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (var phase in new[] { simulation.Healthy, simulation.Transition, simulation.Steady, simulation.Comparison })
        {
            table.AddRow(
                phase.Name,
                FormatNumber(phase.Calls.Count),
                FormatSuccessRatio(phase),
                FormatNumber(GetCount(phase, Outcome.Failed)),
                FormatNumber(GetCount(phase, Outcome.Rejected)),
                FormatMilliseconds(GetPercentile(phase, 0.5)),
                FormatMilliseconds(GetPercentile(phase, 0.99)));
        }

        AnsiConsole.WriteLine();
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine($"The chart is in {file.FullName}");
        AnsiConsole.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Steady state: {FormatSuccessRatio(simulation.Steady)} of {FormatNumber(simulation.Steady.Calls.Count)} calls succeeded; p99 {FormatMilliseconds(GetPercentile(simulation.Steady, 0.99))}, {GetPercentile(simulation.Steady, 0.99) / GetPercentile(simulation.Healthy, 0.99):0.00} × the healthy cluster's."));
    }

    /// <summary>Returns the time within which this ratio of the successful calls completed.</summary>
    public static TimeSpan GetPercentile(Phase phase, double ratio)
    {
        TimeSpan[] times = [.. phase.Calls.Where(static call => call.Outcome == Outcome.Answered).Select(static call => call.Elapsed).Order()];
        return times.Length == 0 ? TimeSpan.Zero : times[(int)(ratio * (times.Length - 1))];
    }

    private static int GetCount(Phase phase, Outcome outcome) => phase.Calls.Count(call => call.Outcome == outcome);

    /// <summary>Rounds down, so that a single failure is less than 100 %.</summary>
    private static string FormatSuccessRatio(Phase phase) => string.Create(
        CultureInfo.InvariantCulture, $"{Math.Floor(10_000.0 * GetCount(phase, Outcome.Answered) / phase.Calls.Count) / 100:0.00} %");

    private static string FormatNumber(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string FormatMilliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.0} ms");
}
