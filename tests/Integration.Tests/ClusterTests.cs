using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ThriftBreaker.Integration.Tests.Servers;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Integration.Tests;

/// <summary>The sample of a cluster in which servers are slow, refuse, and come and go. Run alone: its load should be all that it has to carry.</summary>
[Collection(nameof(Alone))]
public sealed partial class ClusterTests : IDisposable
{
    private readonly string _picture = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.svg");

    public void Dispose() => File.Delete(_picture);

    [Fact]
    public async Task InSteadyStateNearlyAllCallsSucceedAndThePictureShowsIt()
    {
        using var sample = new Sample("Cluster", "--seconds", TestRun.Times(quick: 4, @long: 12).ToString(CultureInfo.InvariantCulture), "--chart", _picture);

        Assert.Equal(0, await sample.ExitCodeAsync());
        var output = TestContext.Current.TestOutputHelper;
        output?.WriteLine(string.Join('\n', sample.Output));
        Assert.Empty(sample.Errors);
        var succeeded = SteadyState.Match(sample.Output[^1]);
        Assert.True(succeeded.Success, sample.Output[^1]);
        Assert.True(double.Parse(succeeded.Groups[1].Value, CultureInfo.InvariantCulture) >= 99, sample.Output[^1]);

        // That it is within twice the healthy cluster's is for a machine with nothing else to do; here it is read, printed, and not judged.
        var healthy = Percentile99(sample, "healthy");
        var steady = Percentile99(sample, "steady state");
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
    public async Task AWrongArgumentIsOneClearLine(string says, params string[] arguments)
    {
        using var sample = new Sample("Cluster", arguments);

        Assert.Equal(1, await sample.ExitCodeAsync());
        Assert.Contains(says, Assert.Single(sample.Errors), StringComparison.Ordinal);
    }

    /// <summary>The last column of that row of the table.</summary>
    private static double Percentile99(Sample sample, string phase)
    {
        var row = Assert.Single(sample.Output, line => Cells(line) is [_, var name, ..] && name.Trim() == phase);
        var cell = Cells(row)[^2].Trim();
        Assert.EndsWith(" ms", cell, StringComparison.Ordinal);
        return double.Parse(cell[..^3], CultureInfo.InvariantCulture);
    }

    /// <summary>Consoles that know no lines draw them with bars.</summary>
    private static string[] Cells(string row) => row.Split('│', '|');

    [GeneratedRegex(@"^Steady state: ([\d.]+) % of [\d,]+ calls succeeded; p99 [\d.]+ ms, [\d.]+ × the healthy cluster's\.$")]
    private static partial Regex SteadyState { get; }
}
