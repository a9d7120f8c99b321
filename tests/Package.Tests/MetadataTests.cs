using System.Text.RegularExpressions;
using System.Xml.Linq;
using ThriftBreaker.Package.Tests.Harness;

namespace ThriftBreaker.Package.Tests;

/// <summary>What the package says about itself, as a feed shows it and a restore follows it.</summary>
public sealed class MetadataTests(PackedPackage package)
{
    [Fact]
    public void ItSaysWhatItIs()
    {
        var said = Metadata().Elements().Where(static element => !element.HasElements && !element.HasAttributes).ToDictionary(static element => element.Name.LocalName, static element => element.Value);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["id"] = "ThriftBreaker",
                ["version"] = PackedPackage.Version,
                ["authors"] = "The ThriftBreaker authors",
                ["copyright"] = "Copyright the ThriftBreaker authors",
                ["description"] = "The circuit breaker for Apache Thrift in .NET: mark a service, and the compiler writes a client that survives its server.",
                ["tags"] = "thrift circuit-breaker resilience rpc source-generator",
                ["icon"] = "icon.png",
                ["readme"] = "README.md",
                // Written by NuGet for clients that do not know licence expressions yet.
                ["licenseUrl"] = "https://licenses.nuget.org/Apache-2.0",
            },
            said);
    }

    [Fact]
    public void ItsLicenceIsAnExpression()
    {
        var licence = Element("license");
        Assert.Equal(("expression", "Apache-2.0"), ((string)licence.Attribute("type")!, licence.Value));
    }

    [Fact]
    public void ItNamesTheCommitThatItWasBuiltFrom()
    {
        var repository = Element("repository");
        Assert.Equal("git", (string)repository.Attribute("type")!);
        Assert.Matches(new Regex("^[0-9a-f]{40}$"), (string)repository.Attribute("commit")!);
    }

    /// <summary>The generator depends on nothing, and what only builds the runtime is nobody's business.</summary>
    [Fact]
    public void ItDependsOnThriftAndWhatThriftBrings()
    {
        var groups = Element("dependencies").Elements();

        Assert.Equal(["net10.0", "net8.0"], groups.Select(static group => (string)group.Attribute("targetFramework")!).Order(StringComparer.Ordinal));
        Assert.All(groups, static group => Assert.Equal(
            ["ApacheThrift", "Microsoft.Extensions.Logging.Abstractions", "System.Net.Http.WinHttpHandler"],
            group.Elements().Select(static dependency => (string)dependency.Attribute("id")!)));
    }

    private XElement Element(string name) => Metadata().Elements().Single(element => element.Name.LocalName == name);

    private XElement Metadata()
    {
        using var archive = package.Open();
        return XDocument.Parse(archive.Text("ThriftBreaker.nuspec")).Root!.Elements().Single();
    }
}
