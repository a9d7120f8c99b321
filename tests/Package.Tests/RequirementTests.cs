using System.Xml.Linq;
using ThriftBreaker.Package.Tests.Harness;

namespace ThriftBreaker.Package.Tests;

/// <summary>Where the package cannot do its work the build says so, and what to do; the client is never just left out.</summary>
public sealed class RequirementTests(PackedPackage package)
{
    [Fact]
    public async Task ACompilerOlderThanTheSlotIsAnError()
    {
        var error = Assert.Single(await Plain("latest").ErrorsAsync("-p:CompilerApiVersion=roslyn4.7"));

        Assert.Contains("Plain.csproj : error TB9001: ThriftBreaker's source generator needs the C# compiler 4.8 or newer, and this project is compiled by 4.7: ", error, StringComparison.Ordinal);
    }

    /// <summary>Versions are compared as numbers, and what is no version is not ours to judge.</summary>
    [Theory]
    [InlineData("roslyn4.8")]
    [InlineData("roslyn4.14")]
    [InlineData("roslyn10.0")]
    [InlineData("roslyn")]
    [InlineData("")]
    public async Task AnyOtherCompilerIsLetThrough(string compiler)
        => await DotNet.BuildAsync(package.Folder, "msbuild", Targets(), "-t:ThriftBreakerChecksTheCompiler", "-p:Language=C#", "-p:CompilerApiVersion=" + compiler);

    [Fact]
    public async Task ALanguageOlderThanTheClientsIsAnErrorAtTheMark()
    {
        var error = Assert.Single(await Plain("8.0").ErrorsAsync());

        Assert.Contains("IClock.cs(", error, StringComparison.Ordinal);
        Assert.Contains("error TB0004: Cannot generate a circuit breaker client for 'IClock'", error, StringComparison.Ordinal);
    }

    /// <summary>The compiler that the generator is built for, the slot that it lies in, and the floor that the package checks.</summary>
    [Fact]
    public void TheCompilerIsOneNumberInThreePlaces()
    {
        using var archive = package.Open();
        var floor = (string)XDocument.Parse(archive.Text("buildTransitive/ThriftBreaker.targets")).Descendants("_ThriftBreakerCompilerFloor").Single();

        Assert.Contains(archive.Files(), path => path.StartsWith($"analyzers/dotnet/roslyn{floor}/cs/", StringComparison.Ordinal));
        Assert.Equal(floor + ".0", Repository.PackageVersion("Microsoft.CodeAnalysis.CSharp"));
    }

    /// <summary>The targets of the package, which are a project by themselves.</summary>
    private string Targets()
    {
        using var archive = package.Open();
        var file = Path.Combine(package.Folder, Path.GetRandomFileName());
        File.WriteAllText(file, archive.Text("buildTransitive/ThriftBreaker.targets"));
        return file;
    }

    private Consumer Plain(string language) => new(package, "Plain", new Settings("net10.0", language, "disable"));
}
