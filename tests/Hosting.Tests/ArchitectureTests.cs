using System.Text.RegularExpressions;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>Each folder of src/Hosting uses the folders before it, and none after it.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string[] Folders = ["Options", "Configuration", "Clients", "DependencyInjection", "Health", "Telemetry"];

    [Fact]
    public void FolderDoesNotMentionATypeOfALaterFolder()
    {
        var mentions =
            from folder in Enumerable.Range(0, Folders.Length)
            from file in GetFiles(Folders[folder])
            let code = GetCode(file)
            from later in Folders[(folder + 1)..]
            from type in GetTypes(later)
            where Regex.IsMatch(code, $@"\b{type}\b")
            select $"{Folders[folder]}/{Path.GetFileName(file)} mentions {type}";

        Assert.Empty(mentions);
    }

    [Fact]
    public void FoldersAreListed()
    {
        var hosting = Path.Combine(TestRun.RepositoryRoot, "src", "Hosting");

        Assert.Equal(
            Folders.Order(StringComparer.Ordinal),
            Directory.EnumerateDirectories(hosting).Select(static folder => Path.GetFileName(folder)).Except(["Package", "bin", "obj"]).Order(StringComparer.Ordinal));
        Assert.Empty(Directory.EnumerateFiles(hosting, "*.cs"));
    }

    [Fact]
    public void InternalTypesAreInTheNamespaceOfTheirFolder()
    {
        var misplaced =
            from folder in Folders
            from file in GetFiles(folder)
            let code = GetCode(file)
            where InternalType.IsMatch(code) && !code.Contains($"namespace ThriftBreaker.Hosting.{folder};", StringComparison.Ordinal)
            select file;

        Assert.Empty(misplaced);
    }

    [Fact]
    public void PublicTypesAreInOneOfTwoNamespaces()
        => Assert.Equal(
            ["Microsoft.Extensions.DependencyInjection", "ThriftBreaker.Hosting"],
            typeof(ThriftClientOptions).Assembly.GetExportedTypes().Select(static type => type.Namespace).Distinct().Order(StringComparer.Ordinal));

    /// <summary>Reflection-based binding would break trimming and NativeAOT.</summary>
    [Fact]
    public void AssemblyDoesNotReferenceTheConfigurationBinder()
        => Assert.DoesNotContain("Microsoft.Extensions.Configuration.Binder", typeof(ThriftClientOptions).Assembly.GetReferencedAssemblies().Select(static reference => reference.Name));

    private static string[] GetFiles(string folder)
        => [.. Directory.EnumerateFiles(Path.Combine(TestRun.RepositoryRoot, "src", "Hosting", folder), "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>A file has the name of its type.</summary>
    private static IEnumerable<string> GetTypes(string folder) => GetFiles(folder).Select(static file => Path.GetFileNameWithoutExtension(file));

    private static string GetCode(string file) => Comment.Replace(File.ReadAllText(file), "");

    [GeneratedRegex("//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment { get; }

    [GeneratedRegex(@"^internal .*\b(class|record|struct|interface|enum)\b", RegexOptions.Multiline)]
    private static partial Regex InternalType { get; }
}
