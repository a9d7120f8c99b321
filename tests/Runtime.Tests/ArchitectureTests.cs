using System.ComponentModel;
using System.Reflection;
using System.Text.RegularExpressions;
using ThriftBreaker.GeneratedCode;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests;

/// <summary>The folders of the runtime in their order: the types of each use those of earlier folders only.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string Root = Path.Combine(TestRun.RepositoryRoot, "src", "Runtime");
    private static readonly string[] Folders = ["Breaker", "Outcomes", "Diagnostics", "Execution", "Connections", "Registry", "GeneratedCode"];

    [Fact]
    public void Layer_UsesOnlyTypesOfLowerLayers()
    {
        var mentions =
            from folder in Enumerable.Range(0, Folders.Length)
            from file in FilesOf(Folders[folder])
            let code = CodeOf(file)
            from later in Folders[(folder + 1)..]
            from type in TypesOf(later)
            where Regex.IsMatch(code, $@"\b{type}\b")
            select $"{Folders[folder]}/{Path.GetFileName(file)} mentions {type}";

        Assert.Empty(mentions);
    }

    [Fact]
    public void FoldersAreListed()
        => Assert.Equal(
            Folders.Order(StringComparer.Ordinal),
            Directory.EnumerateDirectories(Root).Select(static folder => Path.GetFileName(folder)).Except(["Package", "bin", "obj"]).Order(StringComparer.Ordinal));

    [Fact]
    public void Namespace_IsThatOfTheFolder()
    {
        var misplaced =
            from folder in Folders
            let @namespace = folder == "GeneratedCode" ? "ThriftBreaker.GeneratedCode" : "ThriftBreaker"
            from file in FilesOf(folder)
            where !CodeOf(file).Contains($"namespace {@namespace};", StringComparison.Ordinal)
            select file;

        Assert.Empty(misplaced);
    }

    [Theory]
    [InlineData("Thrift")]
    [InlineData("ThriftBreaker.GeneratedCode")]
    [InlineData("System.Net")]
    [InlineData("System.Diagnostics")]
    [InlineData("Microsoft")]
    public void Breaker_DoesNotUseNamespace(string @namespace)
    {
        // In a using or in a full name; the attributes of System.Diagnostics.CodeAnalysis are the compiler's.
        var mention = $@"(?<![.\w]){Regex.Escape(@namespace)}(;|\.(?!CodeAnalysis\b))";

        Assert.Empty(FilesOf("Breaker").Where(file => Regex.IsMatch(CodeOf(file), mention)).Select(Path.GetFileName));
    }

    [Fact]
    public void EveryLayerIsReadWithoutComments()
    {
        Assert.All(Folders, static folder => Assert.NotEmpty(FilesOf(folder)));
        Assert.Contains("CallInvoker", TypesOf("GeneratedCode"));
        Assert.Contains(FilesOf("Breaker"), static file => File.ReadAllText(file).Contains("<c>CircuitOpenException</c>", StringComparison.Ordinal));
        Assert.DoesNotContain(FilesOf("Breaker"), static file => CodeOf(file).Contains("///", StringComparison.Ordinal));
    }

    [Fact]
    public void GeneratedCodeTypes_AreHiddenFromCompletionLists()
    {
        var shown = PublicTypes()
            .Where(static type => type.Namespace == typeof(CallInvoker<>).Namespace)
            .Where(static type => type.GetCustomAttributes(typeof(EditorBrowsableAttribute), inherit: false)
                is not [EditorBrowsableAttribute { State: EditorBrowsableState.Never }]);

        Assert.Empty(shown);
    }

    [Fact]
    public void PublicTypes_AreInOneOfTwoNamespaces()
        => Assert.Equal(["ThriftBreaker", "ThriftBreaker.GeneratedCode"], PublicTypes().Select(static type => type.Namespace).Distinct().Order());

    [Fact]
    public void PublicClasses_CannotBeDerivedFrom()
        => Assert.DoesNotContain(PublicTypes(), static type => type.IsClass && !type.IsSealed && HasConstructorForOthers(type));

    [Fact]
    public void References_AreThePlatformThriftAndLogging()
    {
        var references = typeof(CircuitBreaker).Assembly.GetReferencedAssemblies().Select(static reference => reference.Name!);

        Assert.DoesNotContain(references, static name => name is not ("Thrift" or "Microsoft.Extensions.Logging.Abstractions") && !name.StartsWith("System.", StringComparison.Ordinal));
    }

    private static bool HasConstructorForOthers(Type type)
        => type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Any(static constructor => constructor.IsPublic || constructor.IsFamily || constructor.IsFamilyOrAssembly);

    private static Type[] PublicTypes() => typeof(CircuitBreaker).Assembly.GetExportedTypes();

    private static string[] FilesOf(string folder)
        => [.. Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>The types that a folder declares, without those in another type.</summary>
    private static IEnumerable<string> TypesOf(string folder)
        => FilesOf(folder).SelectMany(static file => Declaration.Matches(CodeOf(file))).Select(static match => match.Groups[1].Value).Distinct();

    private static string CodeOf(string file) => Comment.Replace(File.ReadAllText(file), "");

    [GeneratedRegex(@"^(?:public |internal |sealed |static |abstract |partial |readonly |ref )*(?:class|struct|enum|interface|record(?: struct)?|delegate [\w<>?]+) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration { get; }

    [GeneratedRegex("//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment { get; }
}
