using System.Xml.Linq;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Package.Tests.Harness;

/// <summary>What the tests read of this repository.</summary>
internal static class Repository
{
    public static string Path(params string[] parts) => System.IO.Path.Combine([TestRun.RepositoryRoot, .. parts]);

    /// <summary>The version of a package that is used here.</summary>
    public static string PackageVersion(string package)
        => (string)XDocument.Load(Path("Directory.Packages.props"))
            .Descendants("PackageVersion")
            .Single(version => (string)version.Attribute("Include")! == package)
            .Attribute("Version")!;
}
