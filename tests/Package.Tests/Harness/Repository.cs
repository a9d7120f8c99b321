using System.Xml.Linq;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Package.Tests.Harness;

/// <summary>Files and versions of this repository.</summary>
internal static class Repository
{
    public static string Path(params string[] parts) => System.IO.Path.Combine([TestRun.RepositoryRoot, .. parts]);

    /// <summary>Gets the version of a package in Directory.Packages.props.</summary>
    public static string PackageVersion(string package)
        => (string)XDocument.Load(Path("Directory.Packages.props"))
            .Descendants("PackageVersion")
            .Single(version => (string)version.Attribute("Include")! == package)
            .Attribute("Version")!;
}
