using System.Text.RegularExpressions;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>Tests the layers of the dashboard: each uses only those before it.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string[] Layers = ["Monitoring", "Security", "Endpoints"];

    private static readonly string Root = Path.Combine(TestRun.RepositoryRoot, "src", "Dashboard");

    [Fact]
    public void LayerDoesNotMentionTypesOfLaterLayers()
    {
        var mentions =
            from layer in Enumerable.Range(0, Layers.Length)
            from file in GetFiles(Layers[layer])
            let code = GetCode(file)
            from later in Layers[(layer + 1)..].Append("").SelectMany(GetTypes)
            where Regex.IsMatch(code, $@"\b{later}\b")
            select $"{Layers[layer]}/{Path.GetFileName(file)} mentions {later}";

        Assert.Empty(mentions);
    }

    [Fact]
    public void SecurityAndMonitoringAreIndependent()
        => Assert.Empty(GetFiles("Security").Where(static file => GetTypes("Monitoring").Any(type => Regex.IsMatch(GetCode(file), $@"\b{type}\b"))).Select(Path.GetFileName));

    [Fact]
    public void LayersAreAllFoldersWithCode()
        => Assert.Equal(
            Layers.Order(StringComparer.Ordinal),
            Directory.EnumerateDirectories(Root)
                .Select(static folder => Path.GetFileName(folder)!)
                .Where(static folder => folder is not ("bin" or "obj") && GetFiles(folder).Length > 0)
                .Order(StringComparer.Ordinal));

    /// <summary>Extension methods are in the namespace of the type that they extend, as in ASP.NET Core.</summary>
    [Fact]
    public void NamespaceIsTheFolder()
    {
        Assert.All(
            Layers,
            static layer => Assert.All(GetFiles(layer), file => Assert.Equal($"ThriftBreaker.Dashboard.{layer}", GetNamespace(file))));
        Assert.All(
            GetFiles(""),
            static file => Assert.Equal(file.EndsWith("Extensions.cs", StringComparison.Ordinal) ? "Microsoft.AspNetCore.Builder" : "ThriftBreaker.Dashboard", GetNamespace(file)));
    }

    /// <summary>The other tests find the types of a layer by the names of its files.</summary>
    [Fact]
    public void FileHoldsOneTypeAndHasItsName()
        => Assert.All(
            Layers.Append("").SelectMany(GetFiles),
            static file => Assert.Equal([Path.GetFileNameWithoutExtension(file)], Declaration.Matches(GetCode(file)).Select(static match => match.Groups["name"].Value)));

    [Fact]
    public void ReferencesAreThePlatformAndTheRuntime()
        => Assert.All(
            typeof(ThriftBreakersDashboardOptions).Assembly.GetReferencedAssemblies().Select(static reference => reference.Name!),
            static name => Assert.Matches(@"^(ThriftBreaker|System\..+|Microsoft\.(AspNetCore|Extensions)\..+)$", name));

    [Fact]
    public void TheseTestsReadCodeWithoutComments()
    {
        Assert.All(Layers, static layer => Assert.NotEmpty(GetFiles(layer)));
        Assert.Contains("CircuitBreakerMonitor", GetTypes("Monitoring"));
        Assert.Contains(GetFiles("Monitoring"), static file => File.ReadAllText(file).Contains("///", StringComparison.Ordinal));
        Assert.DoesNotContain(GetFiles("Monitoring"), static file => GetCode(file).Contains("///", StringComparison.Ordinal));
    }

    /// <summary>The files of a layer; "" is the root, which uses every layer.</summary>
    private static string[] GetFiles(string layer)
        => [.. Directory.EnumerateFiles(Path.Combine(Root, layer), "*.cs").Order(StringComparer.Ordinal)];

    private static IEnumerable<string> GetTypes(string layer) => GetFiles(layer).Select(static file => Path.GetFileNameWithoutExtension(file));

    private static string GetNamespace(string file) => NamespaceDeclaration.Match(GetCode(file)).Groups["name"].Value;

    private static string GetCode(string file) => Comment.Replace(File.ReadAllText(file), "");

    [GeneratedRegex("//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment { get; }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceDeclaration { get; }

    /// <summary>Only types that are not nested begin at the start of a line.</summary>
    [GeneratedRegex(@"^(public|internal) [\w ]*(class|record|struct|interface|enum|delegate) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration { get; }
}
