using System.Text.RegularExpressions;
using ThriftBreaker.Generator.Tests.Harness;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Generator.Tests;

/// <summary>Every section of the documentation of the attributes compiles, attributes and uses together.</summary>
public sealed partial class AttributesPageTests
{
    private const string Usings =
        """
        global using System;
        global using System.Collections.Concurrent;
        global using System.Threading.Tasks;
        global using Circuit.Calculators;
        global using ThriftBreaker;
        """;

    public static TheoryData<string> Sections { get; } =
        [.. Page().Split("\n## ")[1..].Where(static section => Snippet().IsMatch(section)).Select(static section => section.Split('\n')[0])];

    [Theory]
    [MemberData(nameof(Sections))]
    public void SnippetsOfASectionCompile(string heading)
    {
        var section = Page().Split("\n## ").Single(section => section.StartsWith(heading + "\n", StringComparison.Ordinal));
        var snippets = Snippet().Matches(section).Select(static match => match.Groups[1].Value).ToArray();

        var run = GeneratorRun.Create([.. Contracts.Calculator, Usings, .. snippets.Select(static (snippet, number) => IsDeclaration(snippet) ? snippet : Use(snippet, number))]);

        Assert.Empty(run.Problems);
        Assert.Single(run.Sources);
    }

    private static bool IsDeclaration(string snippet)
        => snippet.StartsWith("namespace ", StringComparison.Ordinal) || snippet.StartsWith("[assembly: ", StringComparison.Ordinal);

    /// <summary>Statements in a method that declares the variables they use.</summary>
    private static string Use(string statements, int number)
        => $$"""
        public static class Use{{number}}
        {
            public static async Task Run(
                Calculator.IAsync inner, Calculator.IAsync fallback, TimeProvider clock, ThriftEndpoint endpoint, ThriftEndpoint otherEndpoint)
            {
                await Task.Yield();
                {{statements}}
            }
        }
        """;

    private static string Page() => File.ReadAllText(Path.Combine(TestRun.RepositoryRoot, "docs", "attributes.md")).ReplaceLineEndings("\n");

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippet();
}
