using System.ComponentModel;
using System.Reflection;
using System.Text.RegularExpressions;
using ThriftBreaker.GeneratedCode;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests;

/// <summary>The layers of the runtime, from the lowest: each uses only those below it.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string[] Layers = ["Breaker", "Outcomes", "Diagnostics", "GeneratedCode", "Execution", "Connections", "Registry"];

    /// <summary>
    /// GeneratedClientHelpers derives the probe timeout of a circuit breaker from the options of its channel.
    /// </summary>
    private static readonly string[] Exceptions = ["GeneratedCode/GeneratedClientHelpers.cs mentions ThriftChannelOptions"];

    [Fact]
    public void Layer_UsesOnlyTypesOfLowerLayers()
    {
        var mentions =
            from layer in Enumerable.Range(0, Layers.Length)
            from file in FilesOf(Layers[layer])
            let code = CodeOf(file)
            from higher in Layers[(layer + 1)..]
            from type in TypesOf(higher)
            where Regex.IsMatch(code, $@"\b{type}\b")
            select $"{Layers[layer]}/{Path.GetFileName(file)} mentions {type}";

        Assert.Equal(Exceptions, mentions);
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
        Assert.All(Layers, static layer => Assert.NotEmpty(FilesOf(layer)));
        Assert.Contains("CallGuard", TypesOf("GeneratedCode"));
        Assert.Contains(FilesOf("Breaker"), static file => File.ReadAllText(file).Contains("<c>CircuitOpenException</c>", StringComparison.Ordinal));
        Assert.DoesNotContain(FilesOf("Breaker"), static file => CodeOf(file).Contains("///", StringComparison.Ordinal));
    }

    [Fact]
    public void GeneratedCodeTypes_AreHiddenFromCompletionLists()
    {
        var shown = PublicTypes()
            .Where(static type => type.Namespace == typeof(CallGuard).Namespace)
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

    private static string[] FilesOf(string layer)
        => [.. Directory.EnumerateFiles(Path.Combine(TestRun.RepositoryRoot, "src", "Runtime", layer), "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>The types of a layer: a file is named after its type, and a part of a type has a second name.</summary>
    private static IEnumerable<string> TypesOf(string layer)
        => FilesOf(layer).Select(static file => Path.GetFileName(file).Split('.')[0]).Distinct();

    private static string CodeOf(string file) => Comment.Replace(File.ReadAllText(file), "");

    [GeneratedRegex("//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment { get; }
}
