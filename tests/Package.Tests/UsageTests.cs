using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using ThriftBreaker.Package.Tests.Harness;

namespace ThriftBreaker.Package.Tests;

/// <summary>
/// Users of the package get the warnings from their compiler. All other tests that build a project with warnings as
/// errors also prove that the compiler reports nothing about the assembly of the code fixes.
/// </summary>
public sealed partial class UsageTests(PackedPackage package)
{
    [Theory]
    [InlineData("net8.0", "12.0")]
    [InlineData("net10.0", "latest")]
    public async Task CarelessUsesOfClientsAreReported(string framework, string language)
    {
        var errors = await new Consumer(package, "Careless", new Settings(framework, language, "enable")).ErrorsAsync();

        Assert.Equal(["TB0014", "TB0015", "TB0016"], errors.Select(static error => Id().Match(error).Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task WarningsCanBeDisabled()
        => await new Consumer(package, "Careless", new Settings("net10.0", "latest", "enable"))
            .With(".editorconfig", "[*.cs]\ndotnet_diagnostic.TB0014.severity = none\ndotnet_diagnostic.TB0015.severity = none\ndotnet_diagnostic.TB0016.severity = none\n")
            .BuildAsync();

    /// <summary>An editor provides its own versions of the compiler, the workspaces and their dependencies.</summary>
    [Fact]
    public void CodeFixesReferenceOnlyAssembliesOfEveryEditor()
    {
        using var archive = package.Open();
        using var file = new PEReader([.. archive.Bytes("analyzers/dotnet/roslyn4.8/cs/ThriftBreaker.CodeFixes.dll")]);
        var metadata = file.GetMetadataReader();

        Assert.Equal(
            [
                "Microsoft.CodeAnalysis",
                "Microsoft.CodeAnalysis.CSharp",
                "Microsoft.CodeAnalysis.Workspaces",
                "System.Collections.Immutable",
                "ThriftBreaker.Analyzers",
                "ThriftBreaker.Generator",
                "netstandard",
            ],
            metadata.AssemblyReferences.Select(reference => metadata.GetString(metadata.GetAssemblyReference(reference).Name)).Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// The compiler on a command line has no workspaces, and says so (CS8032) of an analyzer that refers to them.
    /// </summary>
    [Theory]
    [InlineData("Analyzers")]
    [InlineData("Generator")]
    public void AnalyzersReferenceNoWorkspaces(string assembly)
    {
        using var archive = package.Open();
        using var file = new PEReader([.. archive.Bytes($"analyzers/dotnet/roslyn4.8/cs/ThriftBreaker.{assembly}.dll")]);
        var metadata = file.GetMetadataReader();

        Assert.DoesNotContain(
            metadata.AssemblyReferences.Select(reference => metadata.GetString(metadata.GetAssemblyReference(reference).Name)),
            static name => name.Contains("Workspaces", StringComparison.Ordinal));
    }

    [GeneratedRegex("error (TB\\d+|\\w+): ")]
    private static partial Regex Id();
}
