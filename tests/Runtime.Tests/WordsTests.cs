using System.Text.RegularExpressions;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests;

/// <summary>
/// Searches all texts and all identifiers of the repository for the words that docs/contributing/style.md rejects. A
/// new exception needs a reason in <see cref="AllowedPlaces"/>.
/// </summary>
public sealed partial class WordsTests
{
    /// <summary>
    /// White space, also across the lines of a comment, and what separates the words of an identifier.
    /// </summary>
    private const string Separator = @"(?:[\s\u200B_-]+(?:(?:///?|#)\s+)?)";

    private const RegexOptions Options = RegexOptions.Compiled | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;

    /// <summary>
    /// The rows of the table in docs/contributing/style.md. In a pattern, a space is any separator of words.
    /// </summary>
    private static readonly Rule[] Rules =
    [
        new("mark (as a noun)", "attribute (\"marked with the attribute\" is fine)",
            "(?:an?|the|its|this|that|each|every|no|one|any|another|of|first|second|add|[a-z]+'s) mark"
                + "|(?:the|its|their|these|such|two|no|all|other|of|in|with) marks|marks on",
            "a mark", "the mark", "its mark", "a method's mark", "the marks", "marks on", "AddMarkFix"),
        new("written code, the compiler writes", "generated code, the generator generates",
            "written code|compiler (?:writes|wrote|has written)|written by the compiler",
            "written code", "the compiler writes", "what the Thrift compiler wrote", "written by the compiler"),
        new("failures in a row, streak", "consecutive failures",
            "in a row|streaks?",
            "failures in a row", "FailuresInARow", "streak", "AssertStreak"),
        new("by hand, steer, hand(s)", "manual(ly), manual control",
            "by hand|steer(?:s|ed|ing)?|(?<!left |right )hands?(?! ?written)",
            "by hand", "by the hand", "ByHand", "by_hand", "steer", "steers", "steered", "steering", "hands", "a hand"),
        new("tell, is told (events, clocks)", "notify, raise, report",
            "(?:is|are|was|were|be|been|being) told|tells?",
            "tell", "tells", "is told", "are told", "EventsAreToldInOrder"),
        new("verdict, judge, lose their say", "outcome, classify; \"outcomes of in-flight calls are ignored\"",
            "verdicts?|judg(?:es?|ed|ing|ements?|ments?)|(?:lose|loses|lost|keep|keeps) (?:their|its) say",
            "verdict", "StaleVerdicts", "judge", "judges", "judged", "lose their say", "keep their say"),
        new("under way", "in flight, in progress",
            "under way|underway",
            "under way", "CallsUnderWay", "underway"),
        new("way of speaking, speech, speak", "transport and protocol, wire format",
            "ways? of speaking|speech|speaks?|spoken",
            "way of speaking", "each way of\n    /// speaking", "WrongSpeechTests", "speaks", "spoken"),
        new("lend, lent, give back, send away (pool)", "acquire, release, reject",
            "lend(?:s|ing|er)?|lent|(?:gives?|given|gave|giving) back|(?:sends?|sent|sending) away",
            "lend", "lends", "lent", "LentProtocol", "give back", "gives back", "given back", "send away", "sent away"),
        new("guest", "user callback",
            "guests?",
            "guest", "what guests throw"),
        new("remark (severity)", "info diagnostic",
            "(?<!</?)remarks?",
            "remark", "the remarks"),
        new("who, whoever, nobody, somebody, anybody as subjects", "callers, users, threads, handlers",
            "whoever|nobody|somebody|anybody",
            "whoever", "nobody", "NobodyListens", "somebody", "anybody"),
        new("wants, goes with, belongs to no (messages)", "requires, applies to, is not supported",
            "wants|goes with|belongs to no",
            "wants", "goes with", "belongs to no"),
        new("shadow mode", "report-only mode",
            "shadow mode",
            "shadow mode", "ShadowMode", "shadow-mode"),
    ];

    /// <summary>Files that name the words to reject them.</summary>
    private static readonly string[] AllowedPlaces = ["docs/contributing/style.md", "tests/Runtime.Tests/WordsTests.cs"];

    private static readonly string[] Extensions =
        [".cs", ".csproj", ".editorconfig", ".fs", ".html", ".java", ".js", ".json", ".md", ".props", ".py", ".sh", ".targets", ".thrift", ".vb"];

    /// <summary>Build outputs, other people's files, and the code that the Thrift compiler generated.</summary>
    private static readonly string[] OtherFolders =
        ["artifacts", "BenchmarkDotNet.Artifacts", "bin", "gen-netstd", "node_modules", "obj", "StrykerOutput", "TestResults"];

    public static TheoryData<string> Examples { get; } = [.. Rules.SelectMany(static rule => rule.Examples)];

    [Fact]
    public void NoFileContainsARejectedWord()
    {
        var hits =
            (from file in FilesIn(TestRun.RepositoryRoot)
             let path = Path.GetRelativePath(TestRun.RepositoryRoot, file).Replace('\\', '/')
             where !AllowedPlaces.Contains(path)
             orderby path
             from hit in HitsIn(File.ReadAllText(file))
             select $"{path}:{hit.Line}: '{hit.Word}' → {hit.Rule.But}").ToArray();

        Assert.True(hits.Length == 0, $"{hits.Length} rejected words:\n{string.Join('\n', hits)}");
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void ARejectedWordIsFound(string text)
        => Assert.Contains(text, HitsIn($"Text before, {text}, and after.").Single().Rule.Examples);

    [Theory]
    [InlineData("/// <remarks>Thread-safe.</remarks>")]
    [InlineData("a class marked with the attribute")]
    [InlineData("a question mark")]
    [InlineData("a hand-written wrapper, handwritten")]
    [InlineData("an event handler, a TLS handshake, beforehand")]
    [InlineData("the right-hand side")]
    [InlineData("the current value, an equivalent, a calendar")]
    [InlineData("in a browser, in arrows")]
    [InlineData("a row in a table")]
    public void AnAllowedWordIsNotFound(string text) => Assert.Empty(HitsIn(text));

    [Fact]
    public void AHitNamesItsLine()
        => Assert.Equal([2, 2, 3], HitsIn("one\nthe verdict is under\nway, says a guest").Select(static hit => hit.Line).Order());

    [Fact]
    public void TheStyleGuideHasTheSameTable()
    {
        var rows = File.ReadLines(Path.Combine(TestRun.RepositoryRoot, "docs", "contributing", "style.md"))
            .SkipWhile(static line => line != "| Never | But |")
            .Skip(2)
            .TakeWhile(static line => line.StartsWith('|'));

        Assert.Equal(Rules.Select(static rule => $"| {rule.Never} | {rule.But} |"), rows);
    }

    private static IEnumerable<string> FilesIn(string folder)
    {
        var files = Directory.EnumerateFiles(folder).Where(static file => Extensions.Contains(Path.GetExtension(file)));
        var folders = Directory.EnumerateDirectories(folder)
            .Where(static inner => Path.GetFileName(inner) is var name && !name.StartsWith('.') && !OtherFolders.Contains(name));
        return files.Concat(folders.SelectMany(FilesIn));
    }

    private static IEnumerable<(int Line, string Word, Rule Rule)> HitsIn(string text)
    {
        // Words inside identifiers count: each word that starts with a capital letter gets a separator before it.
        var words = Hump.Replace(text, "\u200B");

        return
            from rule in Rules
            from Match match in rule.Pattern.Matches(words)
            select (1 + words.AsSpan(0, match.Index).Count('\n'), Separators.Replace(match.Value, " "), rule);
    }

    /// <summary>Where a word starts inside an identifier.</summary>
    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")]
    private static partial Regex Hump { get; }

    [GeneratedRegex(Separator)]
    private static partial Regex Separators { get; }

    /// <summary>A row of the table.</summary>
    /// <param name="never">The left cell.</param>
    /// <param name="but">The right cell.</param>
    /// <param name="pattern">The rejected words.</param>
    /// <param name="examples">Texts in which the pattern must be found.</param>
    private sealed class Rule(string never, string but, string pattern, params string[] examples)
    {
        public string Never { get; } = never;

        public string But { get; } = but;

        public Regex Pattern { get; }
            = new($"(?<![a-z0-9])(?:{pattern.Replace(" ", Separator, StringComparison.Ordinal)})(?![a-z0-9])", Options);

        public string[] Examples { get; } = examples;
    }
}
