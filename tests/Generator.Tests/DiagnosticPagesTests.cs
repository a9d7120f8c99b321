using System.Globalization;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ThriftBreaker.Analyzers;
using ThriftBreaker.Generator.Diagnostics;
using ThriftBreaker.Generator.Tests.Harness;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Generator.Tests;

/// <summary>Each diagnostic links to a page that exists and whose examples are true.</summary>
public sealed class DiagnosticPagesTests
{
    private static readonly DiagnosticDescriptor[] Rules =
    [
        .. new[] { typeof(CircuitBreakerAnalyzer), typeof(UnguardedClientAnalyzer) }
            .SelectMany(static type => type.Assembly.GetTypes())
            .Where(static type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
            .Select(static type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!)
            .SelectMany(static analyzer => analyzer.SupportedDiagnostics)
            .OrderBy(static rule => rule.Id, StringComparer.Ordinal),
    ];

    public static TheoryData<string> Ids { get; } = [.. Rules.Select(static rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void EveryPageHasTheTitleOfItsRule(string id)
        => Assert.StartsWith($"# {id}: {Rule(id).Title.ToString(CultureInfo.InvariantCulture)}\n", Page(id), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Ids))]
    public void EveryPageWrongExampleIsReportedAndRightIsNot(string id)
    {
        Assert.Equal([id], Compile(Example("Wrong", id)).Reports.Select(static problem => problem.Id).Distinct());

        var (run, reports) = Compile(Example("Right", id));
        Assert.Single(run.Sources);
        Assert.DoesNotContain(id, reports.Select(static problem => problem.Id));
    }

    /// <summary>The repository of the build has the pages. Without one, a link would be false.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void EveryRuleLinksToItsPageOrToNone(string id)
    {
        var repository = (string)XDocument.Load(Path.Combine(TestRun.RepositoryRoot, "Directory.Build.props")).Descendants("RepositoryUrl").Single();

        Assert.Equal(DiagnosticRule.GetPage(id, repository), Rule(id).HelpLinkUri);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("https://code.example/thriftbreaker", "https://code.example/thriftbreaker/blob/main/docs/diagnostics/TB0001.md")]
    [InlineData("https://code.example/thriftbreaker/", "https://code.example/thriftbreaker/blob/main/docs/diagnostics/TB0001.md")]
    public void LinkIsInTheRepository(string? repository, string link) => Assert.Equal(link, DiagnosticRule.GetPage("TB0001", repository));

    [Theory]
    [MemberData(nameof(Ids))]
    public void EveryRuleIsInAReleaseWithItsTitle(string id)
    {
        var releases = new[] { Path.Combine("Generator", "Diagnostics"), "Analyzers" }
            .SelectMany(static folder => Directory.GetFiles(Path.Combine(TestRun.RepositoryRoot, "src", folder), "AnalyzerReleases.*.md"))
            .SelectMany(File.ReadLines);

        Assert.Contains($"{id} | {Rule(id).Category} | {Rule(id).DefaultSeverity} | {Rule(id).Title.ToString(CultureInfo.InvariantCulture)}", releases);
    }

    [Fact]
    public void EveryPageIsOfARule()
        => Assert.Equal(
            Rules.Select(static rule => rule.Id),
            Directory.GetFiles(Path.Combine(TestRun.RepositoryRoot, "docs", "diagnostics"), "TB*.md").Select(Path.GetFileNameWithoutExtension).Order());

    [Fact]
    public void IndexListsEveryRule()
    {
        var rows = File.ReadLines(Path.Combine(TestRun.RepositoryRoot, "docs", "diagnostics", "README.md"))
            .Where(static line => line.StartsWith("| [TB", StringComparison.Ordinal))
            .Select(static line => string.Join('|', line.Split('|')[..4]).TrimEnd());

        Assert.Equal(
            Rules.Select(static rule => $"| [{rule.Id}]({rule.Id}.md) | {rule.DefaultSeverity} | {rule.Title.ToString(CultureInfo.InvariantCulture)}"),
            rows);
    }

    /// <summary>Reports diagnostics about the attributes and, without any, about uses of clients.</summary>
    private static (GeneratorRun Run, IEnumerable<Diagnostic> Reports) Compile(string example)
    {
        var input = new GeneratorInput(
            [
                .. Contracts.MyService,
                "global using System.Collections.Generic; global using System.Threading; global using System.Threading.Tasks; global using ThriftBreaker; public class Order;",
                example,
            ]);
        var run = GeneratorRun.Create(input);
        return (run, run.Problems.IsEmpty ? UsageRun.Analyze(input) : run.Problems);
    }

    private static string Example(string heading, string id)
        => Page(id).Split($"## {heading}\n\n```csharp\n")[1].Split("```")[0];

    private static string Page(string id)
        => File.ReadAllText(Path.Combine(TestRun.RepositoryRoot, "docs", "diagnostics", id + ".md"));

    private static DiagnosticDescriptor Rule(string id)
        => Rules.Single(rule => rule.Id == id);
}
