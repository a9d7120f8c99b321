using System.Globalization;
using Spectre.Console;
using ThriftBreaker;

namespace QuickStart;

/// <summary>Prints the summary, and provides the texts of states, reasons and times.</summary>
internal static class Report
{
    public static void Print(Caller caller)
    {
        var calls = new Table().RoundedBorder().AddColumn("Calls").AddColumn(new TableColumn("Number").RightAligned()).AddColumn(new TableColumn("Median time").RightAligned());
        foreach (var outcome in Enum.GetValues<Outcome>())
        {
            var times = caller.GetTimes(outcome).Order().ToArray();
            calls.AddRow(
                outcome.ToString().ToLowerInvariant(),
                times.Length.ToString(CultureInfo.InvariantCulture),
                times.Length == 0 ? "–" : FormatTime(times[times.Length / 2]));
        }

        var changes = new Table().RoundedBorder().AddColumn(new TableColumn("At").RightAligned()).AddColumn("From").AddColumn("To").AddColumn("Reason");
        foreach (var (at, change) in caller.Changes)
        {
            changes.AddRow(
                string.Create(CultureInfo.InvariantCulture, $"{at.TotalSeconds:0.00} s"), GetName(change.From), GetName(change.To), GetReason(change.Reason));
        }

        AnsiConsole.WriteLine();
        AnsiConsole.Write(calls);
        if (changes.Rows.Count > 0)
        {
            AnsiConsole.Write(changes);
        }

        AnsiConsole.WriteLine("Circuit: " + string.Join(" → ", caller.Changes.Select(static entry => GetName(entry.Change.To)).Prepend(GetName(CircuitState.Closed))));
    }

    public static string GetName(CircuitState state) => state switch
    {
        CircuitState.Open => "open",
        CircuitState.HalfOpen => "half-open",
        _ => "closed",
    };

    public static string GetReason(CircuitStateChangeReason reason) => reason switch
    {
        CircuitStateChangeReason.FailMaxReached => "too many consecutive failures",
        CircuitStateChangeReason.ResetTimeoutPassed => "time for a probe",
        CircuitStateChangeReason.ProbesSucceeded => "the probe succeeded",
        CircuitStateChangeReason.ProbeFailed => "the probe failed",
        CircuitStateChangeReason.ProbeTimedOut => "the probe timed out",
        _ => "manual",
    };

    public static string FormatTime(TimeSpan time) => time.TotalMilliseconds >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMicroseconds:0} µs");
}
