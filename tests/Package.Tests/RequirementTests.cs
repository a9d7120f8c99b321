using System.Xml.Linq;
using ThriftBreaker.Package.Tests.Harness;

namespace ThriftBreaker.Package.Tests;

/// <summary>
/// If a requirement of the package is not met, the build fails with a remedy; the client is never silently missing.
/// </summary>
public sealed class RequirementTests(PackedPackage package)
{
    private const string PathOfTargets = "buildTransitive/net8.0/ThriftBreaker.targets";

    /// <summary>
    /// NuGet refuses the packages. A folder without a framework, such as <c>buildTransitive/</c>, would be compatible
    /// with all.
    /// </summary>
    [Theory]
    [InlineData("netstandard2.0")]
    [InlineData("netstandard2.1")]
    [InlineData("net48")]
    [InlineData("net6.0")]
    [InlineData("net7.0")]
    public async Task OlderFrameworkIsAnErrorOfTheRestore(string framework)
    {
        var errors = await new Consumer(package, "Old", new Settings(framework, "latest", "disable")).RestoreErrorsAsync();

        Assert.All(
            PackedPackage.Companions.Append("ThriftBreaker"),
            name => Assert.Contains(errors, error => error.Contains($"error NU1202: Package {name} {PackedPackage.Version} is not compatible with {framework} ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("VisualBasic", "Service.vb", "<Assembly: ThriftBreaker.CircuitBreaker(GetType(IOrders))>\n\nPublic Interface IOrders\n    Sub Send()\nEnd Interface\n")]
    [InlineData("FSharp", "Service.fs", "namespace FSharp\n\n/// A service.\ntype IOrders =\n    /// Sends.\n    abstract Send: unit -> unit\n\nmodule Attributes =\n    [<assembly: ThriftBreaker.CircuitBreaker(typeof<IOrders>)>]\n    do ()\n")]
    public async Task AttributeInAnotherLanguageIsAWarning(string project, string file, string text)
    {
        var error = Assert.Single(await new Consumer(package, project, new Settings("net10.0", "latest", "disable")).With(file, text).ErrorsAsync());

        Assert.Contains(file, error, StringComparison.Ordinal);
        Assert.Contains("error TB9002: ThriftBreaker's source generator generates C#, so the [CircuitBreaker] in this file has no effect: put the attribute into a C# project", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("VisualBasic")]
    [InlineData("FSharp")]
    public async Task OtherLanguageWithoutTheAttributeBuilds(string project)
        => await new Consumer(package, project, new Settings("net10.0", "latest", "disable")).BuildAsync();

    [Theory]
    [InlineData("VB", true, "<Assembly: CircuitBreaker(GetType(IOrders))>")]
    [InlineData("VB", true, "Imports ThriftBreaker\n<assembly:ThriftBreaker.CircuitBreakerAttribute(GetType(IOrders), FailMax:=3)>")]
    [InlineData("VB", true, "<Assembly: CLSCompliant(False), Assembly: CircuitBreaker(GetType(IOrders))>")]
    [InlineData("VB", true, "    <CircuitBreaker>\n    Public Interface IOrders")]
    [InlineData("VB", true, "<Obsolete(\"gone\"), CircuitBreaker(FailMax:=3)> Public Interface IOrders")]
    [InlineData("VB", true, "<CircuitBreakerMethod(\"Send\", Bypass:=True)> Public Interface IOrders")]
    [InlineData("VB", false, "' <CircuitBreaker>\nDim all As New List(Of CircuitBreaker)()")]
    [InlineData("VB", false, "<CircuitBreakerTests> Public Class Tests")]
    [InlineData("F#", true, "[<assembly: CircuitBreaker(typeof<IOrders>)>]")]
    [InlineData("F#", true, "[<assembly: CLSCompliant(false); assembly: ThriftBreaker.CircuitBreaker(typeof<IOrders>)>]")]
    [InlineData("F#", true, "[<CircuitBreaker>]\ntype IOrders =")]
    [InlineData("F#", true, "    [<Obsolete; CircuitBreaker(FailMax = 3)>]")]
    [InlineData("F#", false, "let all = List<CircuitBreaker>()")]
    [InlineData("F#", false, "// [<CircuitBreaker>]\nlet a = typeof<CircuitBreaker>")]
    public async Task AttributeIsRecognizedInTheSource(string language, bool isThere, string text)
    {
        var targets = Targets();
        var (source, project) = (targets + ".txt", targets + ".proj");
        await File.WriteAllTextAsync(source, text, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            project,
            $"""<Project><PropertyGroup><Language>{language}</Language></PropertyGroup><ItemGroup><Compile Include="{source}" /><Compile Include="generated later" /></ItemGroup><Import Project="{targets}" /></Project>""",
            TestContext.Current.CancellationToken);

        var errors = await DotNet.ErrorsAsync(package.Folder, "msbuild", project, "-t:ThriftBreakerChecksTheLanguage", "-warnaserror");

        Assert.Equal(isThere ? 1 : 0, errors.Length);
    }

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
        var minimum = (string)XDocument.Parse(archive.Text(PathOfTargets)).Descendants("_ThriftBreakerCompilerFloor").Single();

        Assert.Contains(archive.Files(), path => path.StartsWith($"analyzers/dotnet/roslyn{minimum}/cs/", StringComparison.Ordinal));
        Assert.Equal(minimum + ".0", Repository.PackageVersion("Microsoft.CodeAnalysis.CSharp"));
    }

    /// <summary>Extracts the targets of the package, which are a complete project.</summary>
    private string Targets()
    {
        using var archive = package.Open();
        var file = Path.Combine(package.Folder, Path.GetRandomFileName());
        File.WriteAllText(file, archive.Text(PathOfTargets));
        return file;
    }

    private Consumer Plain(string language) => new(package, "Plain", new Settings("net10.0", language, "disable"));
}
