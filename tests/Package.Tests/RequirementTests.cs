using System.Xml.Linq;
using ThriftBreaker.Package.Tests.Harness;

namespace ThriftBreaker.Package.Tests;

/// <summary>
/// If a requirement of the package is not met, the build fails with a remedy; the client is never silently missing.
/// </summary>
public sealed class RequirementTests(PackedPackage package)
{
    [Fact]
    public async Task CompilerOlderThanTheMinimumIsAnError()
    {
        var error = Assert.Single(await Plain("latest").ErrorsAsync("-p:CompilerApiVersion=roslyn4.7"));

        Assert.Contains("Plain.csproj : error TB9001: ThriftBreaker's source generator needs the C# compiler 4.8 or newer, and this project is compiled by 4.7: ", error, StringComparison.Ordinal);
    }

    /// <summary>Versions are compared as numbers; a value that is not a version is accepted.</summary>
    [Theory]
    [InlineData("roslyn4.8")]
    [InlineData("roslyn4.14")]
    [InlineData("roslyn10.0")]
    [InlineData("roslyn")]
    [InlineData("")]
    public async Task AnyOtherCompilerIsAccepted(string compiler)
        => await DotNet.BuildAsync(package.Folder, "msbuild", Targets(), "-t:ThriftBreakerChecksTheCompiler", "-p:Language=C#", "-p:CompilerApiVersion=" + compiler);

    [Fact]
    public async Task LanguageOlderThanTheClientsIsAnErrorAtTheAttribute()
    {
        var error = Assert.Single(await Plain("8.0").ErrorsAsync());

        Assert.Contains("IClock.cs(", error, StringComparison.Ordinal);
        Assert.Contains("error TB0004: Cannot generate a circuit breaker client for 'IClock'", error, StringComparison.Ordinal);
    }

    /// <summary>
    /// The compiler that the generator is built for, its folder in the package, and the minimum that the package
    /// checks.
    /// </summary>
    [Fact]
    public void MinimumCompilerIsTheSameInThreePlaces()
    {
        using var archive = package.Open();
        var minimum = (string)XDocument.Parse(archive.Text("buildTransitive/ThriftBreaker.targets")).Descendants("_ThriftBreakerCompilerFloor").Single();

        Assert.Contains(archive.Files(), path => path.StartsWith($"analyzers/dotnet/roslyn{minimum}/cs/", StringComparison.Ordinal));
        Assert.Equal(minimum + ".0", Repository.PackageVersion("Microsoft.CodeAnalysis.CSharp"));
    }

    /// <summary>Extracts the targets of the package, which are a complete project.</summary>
    private string Targets()
    {
        using var archive = package.Open();
        var file = Path.Combine(package.Folder, Path.GetRandomFileName());
        File.WriteAllText(file, archive.Text("buildTransitive/ThriftBreaker.targets"));
        return file;
    }

    private Consumer Plain(string language) => new(package, "Plain", new Settings("net10.0", language, "disable"));
}
