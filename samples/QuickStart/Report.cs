using System.Globalization;
using Spectre.Console;
using ThriftBreaker;

namespace QuickStart;

/// <summary>The summary at the end, and the words for what happened.</summary>
internal static class Report
{
    public static void Print(Caller caller)
    {
        var calls = new Table().RoundedBorder().AddColumn("Calls").AddColumn(new TableColumn("Number").RightAligned()).AddColumn(new TableColumn("Median time").RightAligned());
        foreach (var ending in Enum.GetValues<Ending>())
        {
            var times = caller.TimesOf(ending).Order().ToArray();
            calls.AddRow(
                ending.ToString().ToLowerInvariant(),
                times.Length.ToString(CultureInfo.InvariantCulture),
                times.Length == 0 ? "–" : Time(times[times.Length / 2]));
        }

        var changes = new Table().RoundedBorder().AddColumn(new TableColumn("At").RightAligned()).AddColumn("From").AddColumn("To").AddColumn("Because");
        foreach (var (at, change) in caller.Changes)
        {
            changes.AddRow(
                string.Create(CultureInfo.InvariantCulture, $"{at.TotalSeconds:0.00} s"), Name(change.From), Name(change.To), Reason(change.Reason));
        }

        AnsiConsole.WriteLine();
        AnsiConsole.Write(calls);
        if (changes.Rows.Count > 0)
        {
            AnsiConsole.Write(changes);
        }

        AnsiConsole.WriteLine("Circuit: " + string.Join(" → ", caller.Changes.Select(static entry => Name(entry.Change.To)).Prepend(Name(CircuitState.Closed))));
    }

    public static string Name(CircuitState state) => state switch
    {
        CircuitState.Open => "open",
        CircuitState.HalfOpen => "half-open",
        _ => "closed",
    };

    public static string Reason(CircuitStateChangeReason reason) => reason switch
    {
        CircuitStateChangeReason.FailMaxReached => "too many failures in a row",
        CircuitStateChangeReason.ResetTimeoutPassed => "time for a probe",
        CircuitStateChangeReason.ProbesSucceeded => "the probe succeeded",
        CircuitStateChangeReason.ProbeFailed => "the probe failed",
        CircuitStateChangeReason.ProbeTimedOut => "the probe never answered",
        _ => "by hand",
    };

    public static string Time(TimeSpan time) => time.TotalMilliseconds >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMicroseconds:0} µs");
}
