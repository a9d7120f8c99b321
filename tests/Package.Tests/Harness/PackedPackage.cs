using System.IO.Compression;
using ThriftBreaker.Package.Tests.Harness;

[assembly: AssemblyFixture(typeof(PackedPackage))]

namespace ThriftBreaker.Package.Tests.Harness;

/// <summary>
/// The packages of this checkout, packed once for all tests into a folder that restores use as a feed.
/// </summary>
public sealed class PackedPackage : IAsyncLifetime
{
    /// <summary>A version that is never published, so that no cache has another package of it.</summary>
    public const string Version = "0.0.0-test";

    /// <summary>The companion packages for hosts, each with only a library.</summary>
    public static readonly string[] Companions = ["ThriftBreaker.Dashboard", "ThriftBreaker.Hosting", "ThriftBreaker.Resilience", "ThriftBreaker.ServiceDiscovery"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ThriftBreaker.Package.Tests-");

    /// <summary>
    /// The folder of the feed and the projects. Outside of the repository, whose settings would apply to it.
    /// </summary>
    public string Folder => _folder.FullName;

    public string Feed => Path.Combine(Folder, "feed");

    public async ValueTask InitializeAsync() => await DotNet.BuildAsync(
        Repository.Path(),
        "pack",
        Path.Combine("src", "Packages.slnf"),
        "--configuration", "Release",
        "-warnaserror",
        // As for a release: paths in assemblies and symbols start at the root of the repository, which must contain the
        // artifacts.
        "-p:ContinuousIntegrationBuild=true",
        "-p:PackageVersion=" + Version,
        // The build of these tests has run the analyzers on the same code.
        "-p:RunAnalyzers=false",
        "--artifacts-path", Repository.Path("artifacts", "Package.Tests"),
        "--output", Feed);

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Opens a package.</summary>
    internal ZipArchive Open(string name = "ThriftBreaker") => ZipFile.OpenRead(Path.Combine(Feed, $"{name}.{Version}.nupkg"));

    /// <summary>Opens the symbol package of a package.</summary>
    internal ZipArchive OpenSymbols(string name = "ThriftBreaker") => ZipFile.OpenRead(Path.Combine(Feed, $"{name}.{Version}.snupkg"));
}
