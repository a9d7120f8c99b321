using System.Text.RegularExpressions;
using System.Xml.Linq;
using ThriftBreaker.Package.Tests.Harness;

namespace ThriftBreaker.Package.Tests;

/// <summary>The metadata of the packages, which feeds show and restores use.</summary>
public sealed class MetadataTests(PackedPackage package)
{
    public static TheoryData<string> Companions { get; } = [.. PackedPackage.Companions];

    /// <summary>Empty while there is no public repository: packages have no address then.</summary>
    private static string RepositoryUrl { get; } = (string)XDocument.Load(Repository.Path("Directory.Build.props")).Descendants("RepositoryUrl").Single();

    [Theory]
    [InlineData("ThriftBreaker", "Circuit breakers for Apache Thrift clients in .NET, generated at compile time.", "thrift circuit-breaker resilience rpc source-generator")]
    [InlineData("ThriftBreaker.Dashboard", "A live page that shows the ThriftBreaker circuit breakers of an ASP.NET Core app.", "thrift circuit-breaker resilience dashboard aspnetcore")]
    [InlineData("ThriftBreaker.Hosting", "ThriftBreaker in a .NET host: clients from dependency injection and configuration, health checks, OpenTelemetry.", "thrift circuit-breaker resilience hosting dependency-injection health-checks")]
    [InlineData("ThriftBreaker.Resilience", "Polly's resilience pipelines around ThriftBreaker's clients in a .NET host: retry outside, circuit breaker inside.", "thrift circuit-breaker resilience retry polly")]
    [InlineData("ThriftBreaker.ServiceDiscovery", "Endpoints of ThriftBreaker clients from Microsoft.Extensions.ServiceDiscovery: configuration, DNS, Aspire.", "thrift circuit-breaker service-discovery aspire")]
    public void MetadataDescribesThePackage(string name, string description, string tags)
    {
        var address = RepositoryUrl;
        var actual = Metadata(name).Elements().Where(static element => !element.HasElements && !element.HasAttributes).ToDictionary(static element => element.Name.LocalName, static element => element.Value);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["id"] = name,
                ["version"] = PackedPackage.Version,
                ["authors"] = "The ThriftBreaker authors",
                ["copyright"] = "Copyright the ThriftBreaker authors",
                ["description"] = description,
                ["tags"] = tags,
                ["icon"] = "icon.png",
                ["readme"] = "README.md",
                // NuGet adds it for clients without support for licence expressions.
                ["licenseUrl"] = "https://licenses.nuget.org/Apache-2.0",
            }.Concat(address.Length == 0 ? [] : [KeyValuePair.Create("projectUrl", address)]).ToDictionary(),
            actual);
    }

    [Theory]
    [InlineData("ThriftBreaker")]
    [MemberData(nameof(Companions))]
    public void LicenceIsAnExpression(string name)
    {
        var licence = Element(name, "license");
        Assert.Equal(("expression", "Apache-2.0"), ((string)licence.Attribute("type")!, licence.Value));
    }

    [Theory]
    [InlineData("ThriftBreaker")]
    [MemberData(nameof(Companions))]
    public void RepositoryCommitIsTheBuiltOne(string name)
    {
        var repository = Element(name, "repository");
        Assert.Equal("git", (string)repository.Attribute("type")!);
        Assert.Equal(RepositoryUrl, (string?)repository.Attribute("url") ?? "");
        Assert.Matches(new Regex("^[0-9a-f]{40}$"), (string)repository.Attribute("commit")!);
    }

    /// <summary>
    /// The generator has no dependencies, and build-time dependencies of the runtime are not passed on.
    /// </summary>
    [Fact]
    public void PackageDependsOnThriftAndItsDependencies()
    {
        var groups = Element("ThriftBreaker", "dependencies").Elements();

        Assert.Equal(["net10.0", "net8.0"], groups.Select(static group => (string)group.Attribute("targetFramework")!).Order(StringComparer.Ordinal));
        Assert.All(groups, static group => Assert.Equal(
            ["ApacheThrift", "Microsoft.Extensions.Logging.Abstractions", "System.Net.Http.WinHttpHandler"],
            group.Elements().Select(static dependency => (string)dependency.Attribute("id")!)));
    }

    /// <summary>
    /// The dependencies of each companion package: only those of its code, and in the lowest versions that work. An app
    /// can stay at its own versions.
    /// </summary>
    [Theory]
    [InlineData("ThriftBreaker.Dashboard", "net8.0", "")]
    [InlineData("ThriftBreaker.Dashboard", "net10.0", "")]
    [InlineData("ThriftBreaker.Hosting", "net8.0", "Microsoft.Extensions.Configuration 8.0.0, Microsoft.Extensions.Diagnostics.HealthChecks 8.0.0, Microsoft.Extensions.Hosting.Abstractions 8.0.0, OpenTelemetry.Api.ProviderBuilderExtensions 1.15.3")]
    [InlineData("ThriftBreaker.Hosting", "net10.0", "Microsoft.Extensions.Configuration 10.0.0, Microsoft.Extensions.Diagnostics.HealthChecks 10.0.0, Microsoft.Extensions.Hosting.Abstractions 10.0.0, OpenTelemetry.Api.ProviderBuilderExtensions 1.15.3")]
    [InlineData("ThriftBreaker.Resilience", "net8.0", "Polly.Extensions 8.4.2")]
    [InlineData("ThriftBreaker.Resilience", "net10.0", "Polly.Extensions 8.4.2")]
    [InlineData("ThriftBreaker.ServiceDiscovery", "net8.0", "Microsoft.Extensions.Features 10.0.3, Microsoft.Extensions.ServiceDiscovery 10.0.0")]
    [InlineData("ThriftBreaker.ServiceDiscovery", "net10.0", "Microsoft.Extensions.Features 10.0.3, Microsoft.Extensions.ServiceDiscovery 10.0.0")]
    public void CompanionPackageHasTheLowestBounds(string name, string framework, string dependencies)
    {
        var group = Element(name, "dependencies").Elements().Single(group => (string)group.Attribute("targetFramework")! == framework);

        Assert.Equal(
            dependencies,
            string.Join(", ", group.Elements()
                .Select(static dependency => $"{(string)dependency.Attribute("id")!} {(string)dependency.Attribute("version")!}")
                .Where(static dependency => !dependency.StartsWith("ThriftBreaker", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)));
    }

    /// <summary>
    /// The dependency includes analyzers and build files, so that a companion package needs no other reference.
    /// </summary>
    [Theory]
    [MemberData(nameof(Companions))]
    public void CompanionPackageIncludesTheWholePackage(string name)
    {
        var main = Element(name, "dependencies").Elements().Select(group => Assert.Single(group.Elements(), static dependency => (string)dependency.Attribute("id")! is "ThriftBreaker" or "ThriftBreaker.Hosting"));

        Assert.Equal(2, main.Count());
        Assert.All(main, static dependency => Assert.Equal((PackedPackage.Version, "All", null), ((string?)dependency.Attribute("version"), (string?)dependency.Attribute("include"), (string?)dependency.Attribute("exclude"))));
    }

    private XElement Element(string package, string name) => Metadata(package).Elements().Single(element => element.Name.LocalName == name);

    private XElement Metadata(string name)
    {
        using var archive = package.Open(name);
        return XDocument.Parse(archive.Text($"{name}.nuspec")).Root!.Elements().Single();
    }
}
