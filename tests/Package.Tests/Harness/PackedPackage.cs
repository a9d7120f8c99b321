using System.IO.Compression;
using ThriftBreaker.Package.Tests.Harness;

[assembly: AssemblyFixture(typeof(PackedPackage))]

namespace ThriftBreaker.Package.Tests.Harness;

/// <summary>The packages of this checkout: packed once for all tests, into a folder that restores can name as a feed.</summary>
public sealed class PackedPackage : IAsyncLifetime
{
    /// <summary>One that is never published, so that no cache can hold another package of this version.</summary>
    public const string Version = "0.0.0-test";

    /// <summary>Those that make it at home in a host; each is a library and nothing else.</summary>
    public static readonly string[] Companions = ["ThriftBreaker.Dashboard", "ThriftBreaker.Hosting", "ThriftBreaker.Resilience", "ThriftBreaker.ServiceDiscovery"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ThriftBreaker.Package.Tests-");

    /// <summary>Holds the feed, and whatever is made of it. Outside the repository, whose settings would hold for it.</summary>
    public string Folder => _folder.FullName;

    public string Feed => Path.Combine(Folder, "feed");

    public async ValueTask InitializeAsync() => await DotNet.BuildAsync(
        Repository.Path(),
        "pack",
        Path.Combine("src", "Packages.slnf"),
        "--configuration", "Release",
        "-warnaserror",
        // As a release is packed: paths in assemblies and symbols begin at the repository's root, which the artifacts must lie in.
        "-p:ContinuousIntegrationBuild=true",
        "-p:PackageVersion=" + Version,
        // Whoever built these tests has built the same code with its analyzers.
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

    /// <summary>Opens the package of its symbols.</summary>
    internal ZipArchive OpenSymbols(string name = "ThriftBreaker") => ZipFile.OpenRead(Path.Combine(Feed, $"{name}.{Version}.snupkg"));
}
