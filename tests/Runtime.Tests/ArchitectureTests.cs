using System.ComponentModel;
using System.Reflection;
using System.Text.RegularExpressions;
using ThriftBreaker.GeneratedCode;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests;

/// <summary>The floors of the house: each stands on those below it and knows nothing of those above.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string[] Floors = ["Breaker", "Outcomes", "Diagnostics", "GeneratedCode", "Execution", "Connections", "Registry"];

    /// <summary>GeneratedClientHelpers gives a circuit the probe timeout that suits its channel: the one look upstairs.</summary>
    private static readonly string[] Exceptions = ["GeneratedCode/GeneratedClientHelpers.cs mentions ThriftChannelOptions"];

    [Fact]
    public void NoFloorMentionsATypeOfAFloorAboveIt()
    {
        var mentions =
            from floor in Enumerable.Range(0, Floors.Length)
            from file in FilesOf(Floors[floor])
            let code = CodeOf(file)
            from above in Floors[(floor + 1)..]
            from type in TypesOf(above)
            where Regex.IsMatch(code, $@"\b{type}\b")
            select $"{Floors[floor]}/{Path.GetFileName(file)} mentions {type}";

        Assert.Equal(Exceptions, mentions);
    }

    [Theory]
    [InlineData("Thrift")]
    [InlineData("ThriftBreaker.GeneratedCode")]
    [InlineData("System.Net")]
    [InlineData("System.Diagnostics")]
    [InlineData("Microsoft")]
    public void TheBreakerKnowsNothingOf(string @namespace)
    {
        // In a using or in a full name; the attributes of System.Diagnostics.CodeAnalysis are the compiler's.
        var mention = $@"(?<![.\w]){Regex.Escape(@namespace)}(;|\.(?!CodeAnalysis\b))";

        Assert.Empty(FilesOf("Breaker").Where(file => Regex.IsMatch(CodeOf(file), mention)).Select(Path.GetFileName));
    }

    [Fact]
    public void TheseTestsReadTheCodeOfEveryFloorWithoutItsComments()
    {
        Assert.All(Floors, static floor => Assert.NotEmpty(FilesOf(floor)));
        Assert.Contains("CallGuard", TypesOf("GeneratedCode"));
        Assert.Contains(FilesOf("Breaker"), static file => File.ReadAllText(file).Contains("<c>CircuitOpenException</c>", StringComparison.Ordinal));
        Assert.DoesNotContain(FilesOf("Breaker"), static file => CodeOf(file).Contains("///", StringComparison.Ordinal));
    }

    [Fact]
    public void WhatOnlyGeneratedCodeCallsIsHiddenFromCompletionLists()
    {
        var shown = PublicTypes()
            .Where(static type => type.Namespace == typeof(CallGuard).Namespace)
            .Where(static type => type.GetCustomAttributes(typeof(EditorBrowsableAttribute), inherit: false)
                is not [EditorBrowsableAttribute { State: EditorBrowsableState.Never }]);

        Assert.Empty(shown);
    }

    [Fact]
    public void EveryPublicTypeIsInOneOfTwoNamespaces()
        => Assert.Equal(["ThriftBreaker", "ThriftBreaker.GeneratedCode"], PublicTypes().Select(static type => type.Namespace).Distinct().Order());

    [Fact]
    public void NoPublicClassCanBeDerivedFromElsewhere()
        => Assert.DoesNotContain(PublicTypes(), static type => type.IsClass && !type.IsSealed && HasConstructorForOthers(type));

    [Fact]
    public void NothingIsReferencedButThePlatformThriftAndItsLogging()
    {
        var references = typeof(CircuitBreaker).Assembly.GetReferencedAssemblies().Select(static reference => reference.Name!);

        Assert.DoesNotContain(references, static name => name is not ("Thrift" or "Microsoft.Extensions.Logging.Abstractions") && !name.StartsWith("System.", StringComparison.Ordinal));
    }

    private static bool HasConstructorForOthers(Type type)
        => type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Any(static constructor => constructor.IsPublic || constructor.IsFamily || constructor.IsFamilyOrAssembly);

    private static Type[] PublicTypes() => typeof(CircuitBreaker).Assembly.GetExportedTypes();

    private static string[] FilesOf(string floor)
        => [.. Directory.EnumerateFiles(Path.Combine(TestRun.RepositoryRoot, "src", "Runtime", floor), "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>The types of a floor: a file is named for the one that it holds, and a part of one has a second name.</summary>
    private static IEnumerable<string> TypesOf(string floor)
        => FilesOf(floor).Select(static file => Path.GetFileName(file).Split('.')[0]).Distinct();

    private static string CodeOf(string file) => Comment.Replace(File.ReadAllText(file), "");

    [GeneratedRegex("//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment { get; }
}
