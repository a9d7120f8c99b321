using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ThriftBreaker.Integration.Tests.Servers;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Integration.Tests.Samples;

/// <summary>
/// The Cluster sample, whose servers are slow, refuse connections, or stop and restart. Not run in parallel: other
/// tests would distort its latencies.
/// </summary>
[Collection(nameof(NonParallel))]
public sealed partial class ClusterTests : IDisposable
{
    private readonly string _picture = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.svg");

    public void Dispose() => File.Delete(_picture);

    [Fact]
    public async Task SteadyState_NearlyAllCallsSucceedAndPictureShowsIt()
    {
        using var sample = new Sample("Cluster", "--seconds", TestRun.Times(quick: 4, @long: 12).ToString(CultureInfo.InvariantCulture), "--chart", _picture);

        Assert.Equal(0, await sample.ExitCodeAsync());
        var output = TestContext.Current.TestOutputHelper;
        output?.WriteLine(string.Join('\n', sample.Output));
        Assert.Empty(sample.Errors);
        var succeeded = SteadyState.Match(sample.Output[^1]);
        Assert.True(succeeded.Success, sample.Output[^1]);
        Assert.True(double.Parse(succeeded.Groups[1].Value, CultureInfo.InvariantCulture) >= 99, sample.Output[^1]);

        // The ratio is printed and not asserted: it depends on the load of the machine.
        var healthy = GetPercentile99(sample, "healthy");
        var steady = GetPercentile99(sample, "steady state");
        output?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"p99: {healthy} ms healthy, {steady} ms in steady state: {steady / healthy:0.00} ×"));

        var picture = XDocument.Load(_picture);
        foreach (var word in new[] { "slow", "refuses", "restarts", "steady state" })
        {
            Assert.Contains(picture.Descendants(), element => element.Value == word);
        }
    }

    [Theory]
    [InlineData("--seconds requires a number from 1 to 3600, not '0'", "--seconds", "0")]
    [InlineData("--nonsense", "--nonsense")]
    public async Task InvalidArgument_PrintsOneLine(string message, params string[] arguments)
    {
        using var sample = new Sample("Cluster", arguments);

        Assert.Equal(1, await sample.ExitCodeAsync());
        Assert.Contains(message, Assert.Single(sample.Errors), StringComparison.Ordinal);
    }

    /// <summary>Gets the last column of a row of the table.</summary>
    private static double GetPercentile99(Sample sample, string phase)
    {
        var row = Assert.Single(sample.Output, line => GetCells(line) is [_, var name, ..] && name.Trim() == phase);
        var cell = GetCells(row)[^2].Trim();
        Assert.EndsWith(" ms", cell, StringComparison.Ordinal);
        return double.Parse(cell[..^3], CultureInfo.InvariantCulture);
    }

    /// <summary>Consoles without box-drawing characters use bars.</summary>
    private static string[] GetCells(string row) => row.Split('│', '|');

    [GeneratedRegex(@"^Steady state: ([\d.]+) % of [\d,]+ calls succeeded; p99 [\d.]+ ms, [\d.]+ × the healthy cluster's\.$")]
    private static partial Regex SteadyState { get; }
}
