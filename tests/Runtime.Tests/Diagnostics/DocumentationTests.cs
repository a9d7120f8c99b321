using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests.Telemetry;

/// <summary>docs/telemetry.md lists what there is, and nothing else: dashboards are built from it.</summary>
[Collection(nameof(Listening))]
public sealed partial class DocumentationTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(TestRun.RepositoryRoot, "docs", "telemetry.md"));

    [Fact]
    public void EveryInstrumentIsListedWithItsKindItsUnitAndItsDescription()
    {
        new CircuitBreaker().Execute(static () => { });
        var instruments = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == "ThriftBreaker")
                {
                    instruments.Add($"| `{instrument.Name}` | {instrument.GetType().Name.Split('`')[0]} | `{instrument.Unit}` | {instrument.Description} |");
                }
            },
        };
        listener.Start();

        Assert.Equal(instruments.Order(StringComparer.Ordinal), Rows("| `", "`{", "`s`").Select(static row => NameInPrometheus.Replace(row, "")));
    }

    [Fact]
    public void EveryLogMessageIsListedWithItsIdAndItsLevel()
    {
        var messages = typeof(CircuitLog).GetMethods(BindingFlags.Instance | BindingFlags.NonPublic)
            .Select(static method => (method.Name, Message: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(static method => method.Message is not null)
            .Select(static method => $"| {method.Message!.EventId} | `{method.Name}` | {method.Message.Level} |");

        Assert.Equal(messages.Order(StringComparer.Ordinal), LogRow.Matches(Page).Select(static row => row.Value));
    }

    [Fact]
    public void EveryTagAndEveryValueOfOneIsNamed()
    {
        var names = typeof(TelemetryNames).GetFields(BindingFlags.Static | BindingFlags.Public)
            .Where(static field => field.Name != nameof(TelemetryNames.SchemaUrl))
            .Select(static field => (string)field.GetRawConstantValue()!);
        var values = Enum.GetValues<CallOutcome>().Select(TelemetryNames.Of)
            .Concat(Enum.GetValues<CircuitState>().Select(TelemetryNames.Of))
            .Concat(Enum.GetValues<CircuitMode>().Select(TelemetryNames.Of))
            .Concat(Enum.GetValues<CircuitStateChangeReason>().Select(TelemetryNames.Of));

        Assert.All(names.Concat(values), static name => Assert.Contains($"`{name}`", Page, StringComparison.Ordinal));
    }

    /// <summary>The rows of the page that begin like this and contain one of these.</summary>
    private static IEnumerable<string> Rows(string start, params string[] marks)
        => Page.Split('\n')
            .Where(line => line.StartsWith(start, StringComparison.Ordinal) && marks.Any(mark => line.Contains(mark, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);

    /// <summary>The second cell: what an endpoint prints, which only a host with one can tell.</summary>
    [GeneratedRegex("(?<=^[|] `[a-z._]+` )[|] `thriftbreaker_[a-z_]+` ")]
    private static partial Regex NameInPrometheus { get; }

    [GeneratedRegex(@"^\| \d+ \| `\w+` \| \w+ \|", RegexOptions.Multiline)]
    private static partial Regex LogRow { get; }
}
