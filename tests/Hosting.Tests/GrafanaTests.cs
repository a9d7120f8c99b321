using System.Text.Json;
using System.Text.RegularExpressions;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>docs/grafana.json and docs/telemetry.md use the metrics and labels of the Prometheus endpoint.</summary>
public sealed partial class GrafanaTests
{
    [Fact]
    public async Task DashboardUsesExistingMetrics()
    {
        var queries = Queries(await ReadAsync("grafana.json"));
        var printed = PrintedMetrics.Parse(await PrintedMetrics.PrintAsync("asked for"));
        var known = printed.SelectMany(static metric => metric.Labels.Keys.Append(metric.Name)).ToHashSet(StringComparer.Ordinal);

        Assert.True(queries.Count >= 10, $"There are {queries.Count} queries.");
        Assert.All(queries, static query => Assert.Contains("thriftbreaker_", query, StringComparison.Ordinal));
        Assert.Subset(known, queries.SelectMany(static query => Ours.Matches(query)).Select(static name => name.Value).ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public async Task TelemetryPageListsEveryMetric()
    {
        var table = await ReadAsync("telemetry.md");
        var printed = PrintedMetrics.Parse(await PrintedMetrics.PrintAsync("in the table"));

        var names = printed.Select(static metric => HistogramPart.Replace(metric.Name, "")).Where(static name => name.StartsWith("thriftbreaker_", StringComparison.Ordinal)).Distinct().ToArray();
        var labels = printed.SelectMany(static metric => metric.Labels.Keys).Where(static label => Ours.IsMatch(label)).Distinct();
        Assert.Equal(6, names.Length);
        Assert.All(names.Concat(labels), name => Assert.Contains($"`{name}`", table, StringComparison.Ordinal));
    }

    /// <summary>The queries of the panels, and those of the variables.</summary>
    private static List<string> Queries(string json)
    {
        using var dashboard = JsonDocument.Parse(json);
        return [.. Walk(dashboard.RootElement)];

        static IEnumerable<string> Walk(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().SelectMany(static property =>
                property is { Name: "expr" or "query", Value.ValueKind: JsonValueKind.String } && property.Value.GetString() is { } text && text != "prometheus" ? [text] : Walk(property.Value)),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(Walk),
            _ => [],
        };
    }

    private static Task<string> ReadAsync(string page) => File.ReadAllTextAsync(Path.Combine(TestRun.RepositoryRoot, "docs", page), TestContext.Current.CancellationToken);

    [GeneratedRegex(@"\b(thriftbreaker|rpc|error)_\w+")]
    private static partial Regex Ours { get; }

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex HistogramPart { get; }
}
