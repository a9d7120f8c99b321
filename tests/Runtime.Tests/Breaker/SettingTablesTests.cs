using System.Globalization;
using System.Text.RegularExpressions;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>
/// The tables of settings in the documentation, and the defaults of options and attributes, match the rules.
/// </summary>
public sealed partial class SettingTablesTests
{
    private static readonly SettingRule[] Rules = [.. CircuitBreakerSettingRules.Numbers, .. CircuitBreakerSettingRules.Times];

    public static TheoryData<string, string> Rows => new MatrixTheoryData<string, string>(
        ["README.md", "docs/diagnostics/TB0001.md"], Rules.Select(static rule => rule.AttributeName));

    public static TheoryData<string> Settings => [.. Rules.Select(static rule => rule.AttributeName)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Table_HasTheRangeAndTheDefault(string page, string setting)
    {
        var rule = Find(setting);
        var (range, @default) = Read(page, setting);

        // A limit that is another setting: `ResetTimeout` or more.
        if (range.Contains($"`{CircuitBreakerSettingRules.ResetTimeout.Name}`", StringComparison.Ordinal))
        {
            Assert.Equal(CircuitBreakerSettingRules.MaxResetTimeout.Name, rule.Name);
        }
        else
        {
            Assert.Equal(GetLimits(rule), GetNumbers(range));
        }

        Assert.Equal(GetDefault(rule), GetNumbers(@default).Take(1));
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Default_OfOptionsAndAttribute_IsTheRule(string setting)
    {
        var rule = Find(setting);
        var attribute = typeof(CircuitBreakerAttribute).GetProperty(rule.AttributeName)!.GetValue(new CircuitBreakerAttribute())!;
        var option = typeof(CircuitBreakerOptions).GetProperty(rule.Name)?.GetValue(new CircuitBreakerOptions()) switch
        {
            TimeSpan time => (double?)time.TotalSeconds,
            null => null,
            var number => Convert.ToDouble(number, CultureInfo.InvariantCulture),
        };

        // The default of the probe timeout depends on the channel: it is not set.
        var expected = rule == CircuitBreakerSettingRules.ProbeTimeout ? null : GetDefault(rule).Select(static number => (double?)number).SingleOrDefault();
        Assert.Equal(expected, option);
        Assert.Equal(expected ?? 0, Convert.ToDouble(attribute, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Contradictions_AreInTheTableOfTheirPage()
    {
        var rows = ReadRows("docs/diagnostics/TB0006.md").ToArray();
        var contradictions = CircuitBreakerSettingRules.FindContradictions(new Contradictory(timesAreSet: true))
            .Concat(CircuitBreakerSettingRules.FindContradictions(new Contradictory(timesAreSet: false)))
            .ToArray();

        Assert.All(contradictions, contradiction => Assert.Contains(
            rows, row => row[1].Contains($"`{contradiction.Settings[0]}`", StringComparison.Ordinal) &&
                         contradiction.Settings.Skip(1).All(setting => row[2].Contains($"`{setting}`", StringComparison.Ordinal))));
        Assert.Equal(5, contradictions.DistinctBy(static contradiction => contradiction.Settings[0] + contradiction.Settings[1]).Count());
    }

    [Fact]
    public void SamplingCalls_Maximum_FitsIntoTheWindow()
        => Assert.Equal(LastCallsWindow.MostCalls, CircuitBreakerSettingRules.SamplingCalls.Maximum);

    [Fact]
    public void Modes_AreThoseOfTheEnum()
    {
        var names = Enum.GetNames<CircuitMode>();

        Assert.Equal(CircuitBreakerSettingRules.Modes, $"{string.Join(", ", names[..^1])} or {names[^1]}");
    }

    private static SettingRule Find(string attributeName) => Rules.Single(rule => rule.AttributeName == attributeName);

    private static IEnumerable<double> GetLimits(SettingRule rule) => rule switch
    {
        NumberRule number => [number.Minimum, number.Maximum],
        TimeRule { MaximumSeconds: { } most } time => [time.MinimumSeconds ?? 0, most],
        _ => [0],
    };

    private static IEnumerable<double> GetDefault(SettingRule rule)
        => rule switch
        {
            NumberRule { Default: { } number } => [number],
            TimeRule { DefaultSeconds: { } seconds } => [seconds],
            _ => [],
        };

    private static (string Range, string Default) Read(string page, string setting)
    {
        var row = ReadRows(page).First(cells => cells[1].Contains($"`{setting}`", StringComparison.Ordinal));
        return page == "README.md" ? (row[4], row[3]) : (row[2], row[3]);
    }

    private static IEnumerable<string[]> ReadRows(string page)
        => File.ReadLines(Path.Combine(TestRun.RepositoryRoot, page)).Where(static line => line.StartsWith('|')).Select(static line => line.Split('|', StringSplitOptions.TrimEntries));

    /// <summary>The distinct numbers of a cell; days in seconds, "zero" as 0.</summary>
    private static IEnumerable<double> GetNumbers(string cell)
        => Number.Matches(cell)
            .Select(static match => match.Value == "zero" ? 0
                : double.Parse(match.Groups["digits"].Value, CultureInfo.InvariantCulture) * (match.Groups["days"].Success ? 86_400 : 1))
            .Distinct();

    [GeneratedRegex(@"\bzero\b|(?<![\w`])(?<digits>\d[\d,]*(\.\d+)?)(?<days> days?)?")]
    private static partial Regex Number { get; }

    /// <summary>
    /// Values that contradict each other in every way; or, without times, those of a ratio that lacks its requirements.
    /// </summary>
    private sealed class Contradictory(bool timesAreSet) : SettingValues
    {
        public override bool IsSet(string setting) => setting switch
        {
            nameof(CircuitBreakerOptions.FailureRatio) or nameof(CircuitBreakerOptions.SlowCallRatio) => true,
            nameof(CircuitBreakerOptions.SlowCallDuration) => false,
            _ => timesAreSet,
        };

        public override long? FindTicks(string setting) => !timesAreSet ? null : setting switch
        {
            nameof(CircuitBreakerOptions.MaxResetTimeout) or nameof(CircuitBreakerOptions.ProbeTimeout) => 1,
            _ => 2,
        };

        public override string GetText(string setting) => "";

        public override string GetName(SettingRule setting) => setting.AttributeName;
    }
}
