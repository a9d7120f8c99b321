using System.Globalization;
using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Rules;
using ThriftBreaker.Generator.Tests.Harness;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Generator.Tests;

/// <summary>A diagnostic links to a page: the page must be there, and be true.</summary>
public sealed class DiagnosticPagesTests
{
    public static TheoryData<string> Ids { get; } = [.. new CircuitBreakerAnalyzer().SupportedDiagnostics.Select(static rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void EveryRuleHasAPageThatIsNamedForIt(string id)
        => Assert.StartsWith($"# {id}: {Rule(id).Title.ToString(CultureInfo.InvariantCulture)}\n", Page(id), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Ids))]
    public void WhatEveryPageCallsWrongIsReportedAndWhatItCallsRightIsNot(string id)
    {
        Assert.Equal([id], Compile(Example("Wrong", id)).Problems.Select(static problem => problem.Id).Distinct());
        Assert.Single(Compile(Example("Right", id)).Sources);
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

    private static GeneratorRun Compile(string example) => GeneratorRun.Of(
        [
            .. Contracts.MyService,
            "global using System.Collections.Generic; global using System.Threading; global using System.Threading.Tasks; global using ThriftBreaker; public class Order;",
            example,
        ]);

    private static string Example(string heading, string id)
        => Page(id).Split($"## {heading}\n\n```csharp\n")[1].Split("```")[0];

    private static string Page(string id)
        => File.ReadAllText(Path.Combine(TestRun.RepositoryRoot, "docs", "diagnostics", id + ".md"));

    private static DiagnosticDescriptor Rule(string id)
        => new CircuitBreakerAnalyzer().SupportedDiagnostics.Single(rule => rule.Id == id);
}
