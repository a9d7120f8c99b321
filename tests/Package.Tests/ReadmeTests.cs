using System.Text.RegularExpressions;
using ThriftBreaker.Package.Tests.Harness;

namespace ThriftBreaker.Package.Tests;

/// <summary>The README in the package must be complete without the repository.</summary>
public sealed partial class ReadmeTests(PackedPackage package)
{
    [Theory]
    [InlineData("MyService.cs")]
    [InlineData("Program.cs")]
    public void ExampleIsTheCompiledSample(string file)
        => Assert.Contains($"```csharp\n{File.ReadAllText(Repository.Path("samples", "Minimal", file))}```", Text(), StringComparison.Ordinal);

    [Theory]
    [InlineData("ThriftBreaker")]
    [InlineData("ThriftBreaker.Dashboard")]
    [InlineData("ThriftBreaker.Hosting")]
    [InlineData("ThriftBreaker.Resilience")]
    [InlineData("ThriftBreaker.ServiceDiscovery")]
    public void NoLinkIsRelativeToTheRepository(string name)
        => Assert.All(Link.Matches(Text(name)), static link => Assert.StartsWith("https://", link.Groups[1].Value, StringComparison.Ordinal));

    private string Text(string name = "ThriftBreaker")
    {
        using var archive = package.Open(name);
        return archive.Text("README.md");
    }

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link { get; }
}
