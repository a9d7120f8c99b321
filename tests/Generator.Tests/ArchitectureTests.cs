using System.Text.RegularExpressions;
using ThriftBreaker.Analyzers;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// The generator runs one way: symbols, parsing, model, emission. Each folder mentions only types of the folders below.
/// </summary>
public sealed partial class ArchitectureTests
{
    /// <summary>Each folder, and the folders whose types it may mention.</summary>
    private static readonly Dictionary<string, string[]> Folders = new(StringComparer.Ordinal)
    {
        ["Generator/Symbols"] = [],
        ["Generator/Model"] = [],
        ["Generator/Diagnostics"] = [],
        ["Generator/Caching"] = ["Generator/Model"],
        ["Generator/Parsing"] = ["Generator/Symbols", "Generator/Model", "Generator/Diagnostics"],
        ["Generator/Emission"] = ["Generator/Symbols", "Generator/Model"],
        ["Analyzers"] = ["Generator/Symbols", "Generator/Diagnostics"],
    };

    public static TheoryData<string> Names { get; } = [.. Folders.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void FolderMentionsOnlyTypesOfFoldersBelow(string folder)
    {
        var mentions =
            from file in FilesOf(folder)
            let code = CodeOf(file)
            from other in Folders.Keys.Except(Folders[folder]).Where(other => other != folder)
            from type in TypesOf(other)
            where Regex.IsMatch(code, $@"(?<!\.)\b{type}\b")
            select $"{Path.GetFileName(file)} mentions {other}/{type}";

        Assert.Empty(mentions);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NamespaceIsTheFolder(string folder)
        => Assert.All(
            FilesOf(folder),
            file => Assert.Contains($"\nnamespace ThriftBreaker.{folder.Replace('/', '.')};\n", "\n" + File.ReadAllText(file), StringComparison.Ordinal));

    [Fact]
    public void EveryFolderIsListed()
        => Assert.Equal(
            Folders.Keys.Order(StringComparer.Ordinal),
            Directory.EnumerateDirectories(Source("Generator")).Select(static path => "Generator/" + Path.GetFileName(path))
                .Where(static folder => folder is not ("Generator/bin" or "Generator/obj"))
                .Append("Analyzers")
                .Order(StringComparer.Ordinal));

    [Fact]
    public void EveryTypeHasTheNamespaceOfItsFolder()
        => Assert.Equal(
            Folders.Keys.Select(static folder => "ThriftBreaker." + folder.Replace('/', '.')).Append("ThriftBreaker.Generator").Append("ThriftBreaker").Order(StringComparer.Ordinal),
            new[] { typeof(CircuitBreakerGenerator), typeof(UnguardedClientAnalyzer) }
                .SelectMany(static type => type.Assembly.GetTypes())
                .Select(static type => type.Namespace)
                .Where(static name => name?.StartsWith(nameof(ThriftBreaker), StringComparison.Ordinal) == true)
                .Distinct()
                .Order(StringComparer.Ordinal));

    private static string[] FilesOf(string folder)
    {
        string[] files = [.. Directory.EnumerateFiles(Source(folder), "*.cs", SearchOption.TopDirectoryOnly).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(files);
        return files;
    }

    /// <summary>The types that a folder declares.</summary>
    private static IEnumerable<string> TypesOf(string folder)
        => FilesOf(folder).SelectMany(static file => Declaration.Matches(CodeOf(file)).Select(static match => match.Groups[1].Value)).Distinct();

    private static string Source(string folder) => Path.Combine(TestRun.RepositoryRoot, "src", folder);

    /// <summary>Without comments and strings.</summary>
    private static string CodeOf(string file) => NoCode.Replace(File.ReadAllText(file), "");

    [GeneratedRegex("//.*$|\"(?:[^\"\\\\\n]|\\\\.)*\"", RegexOptions.Multiline)]
    private static partial Regex NoCode { get; }

    [GeneratedRegex(@"^(?:public|internal) .*?\b(?:class|enum|record struct|record|struct|interface) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration { get; }
}
