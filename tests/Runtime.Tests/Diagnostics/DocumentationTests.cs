using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests.Diagnostics;

/// <summary>docs/telemetry.md lists exactly what the library emits: dashboards depend on it.</summary>
[Collection(nameof(Listening))]
public sealed partial class DocumentationTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(TestRun.RepositoryRoot, "docs", "telemetry.md"));

    [Fact]
    public void Instruments_AreListed()
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
    public void LogMessages_AreListed()
    {
        var messages = typeof(CircuitLog).GetMethods(BindingFlags.Instance | BindingFlags.NonPublic)
            .Select(static method => (method.Name, Message: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(static method => method.Message is not null)
            .Select(static method => $"| {method.Message!.EventId} | `{method.Name}` | {method.Message.Level} |");

        Assert.Equal(messages.Order(StringComparer.Ordinal), LogRow.Matches(Page).Select(static row => row.Value));
    }

    [Fact]
    public void TagsAndValues_AreListed()
    {
        var names = typeof(TelemetryNames).GetFields(BindingFlags.Static | BindingFlags.Public)
            .Where(static field => field.Name != nameof(TelemetryNames.SchemaUrl))
            .Select(static field => (string)field.GetRawConstantValue()!);
        var values = Enum.GetValues<CallOutcome>().Select(CircuitNames.GetName)
            .Concat(Enum.GetValues<CircuitState>().Select(CircuitNames.GetName))
            .Concat(Enum.GetValues<CircuitMode>().Select(CircuitNames.GetName))
            .Concat(Enum.GetValues<CircuitStateChangeReason>().Select(CircuitNames.GetName));

        Assert.All(names.Concat(values), static name => Assert.Contains($"`{name}`", Page, StringComparison.Ordinal));
    }

    /// <summary>Gets the rows of the page with this start that contain one of these texts.</summary>
    private static IEnumerable<string> Rows(string start, params string[] texts)
        => Page.Split('\n')
            .Where(line => line.StartsWith(start, StringComparison.Ordinal) && texts.Any(text => line.Contains(text, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);

    /// <summary>The second cell: the name in Prometheus, which the tests of the hosting package check.</summary>
    [GeneratedRegex("(?<=^[|] `[a-z._]+` )[|] `thriftbreaker_[a-z_]+` ")]
    private static partial Regex NameInPrometheus { get; }

    [GeneratedRegex(@"^\| \d+ \| `\w+` \| \w+ \|", RegexOptions.Multiline)]
    private static partial Regex LogRow { get; }
}
