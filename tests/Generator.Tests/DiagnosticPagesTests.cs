using System.Globalization;
using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Rules;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Generator.Tests;

/// <summary>A diagnostic is a link to a page: the page must be there.</summary>
public sealed class DiagnosticPagesTests
{
    public static TheoryData<string> Ids { get; } = [.. new CircuitBreakerAnalyzer().SupportedDiagnostics.Select(static rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void EveryRuleHasAPageThatIsNamedForItAndShowsWrongAndRight(string id)
    {
        var page = File.ReadAllText(Path.Combine(TestRun.RepositoryRoot, "docs", "diagnostics", id + ".md"));

        Assert.StartsWith($"# {id}: {Rule(id).Title.ToString(CultureInfo.InvariantCulture)}\n", page, StringComparison.Ordinal);
        Assert.Contains("## Wrong", page, StringComparison.Ordinal);
        Assert.Contains("## Right", page, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void EveryRuleLinksToItsPage(string id)
        => Assert.EndsWith($"/docs/diagnostics/{id}.md", Rule(id).HelpLinkUri, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Ids))]
    public void EveryRuleIsListedInAReleaseUnderItsTitle(string id)
    {
        var releases = Directory.GetFiles(Path.Combine(TestRun.RepositoryRoot, "src", "Generator", "Rules"), "AnalyzerReleases.*.md").SelectMany(File.ReadLines);

        Assert.Contains($"{id} | {Rule(id).Category} | {Rule(id).DefaultSeverity} | {Rule(id).Title.ToString(CultureInfo.InvariantCulture)}", releases);
    }

    [Fact]
    public void EveryPageIsThatOfARule()
        => Assert.Equal(
            new CircuitBreakerAnalyzer().SupportedDiagnostics.Select(static rule => rule.Id).Order(),
            Directory.GetFiles(Path.Combine(TestRun.RepositoryRoot, "docs", "diagnostics"), "TB*.md").Select(Path.GetFileNameWithoutExtension).Order());

    private static DiagnosticDescriptor Rule(string id)
        => new CircuitBreakerAnalyzer().SupportedDiagnostics.Single(rule => rule.Id == id);
}
