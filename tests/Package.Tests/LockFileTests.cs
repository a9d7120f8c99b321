using System.Xml.Linq;
using ThriftBreaker.Package.Tests.Harness;

namespace ThriftBreaker.Package.Tests;

/// <summary>Each project has a lock file with the versions and hashes of its packages, which restores of CI require.</summary>
public sealed class LockFileTests
{
    private static readonly XElement Properties = XDocument.Load(Repository.Path("Directory.Build.props")).Root!;

    public static TheoryData<string> Projects { get; } =
    [
        .. new[] { "samples", "src", "tests" }
            .SelectMany(static folder => Directory.GetDirectories(Repository.Path(folder)))
            .SelectMany(static folder => Directory.GetFiles(folder, "*.csproj"))
            .Where(static project => (string?)XDocument.Load(project).Descendants("RestorePackagesWithLockFile").SingleOrDefault() != "false")
            .Select(static project => Path.GetRelativePath(Repository.Path(), project)),
    ];

    [Theory]
    [MemberData(nameof(Projects))]
    public void EveryProjectHasALockFileWithHashes(string project)
    {
        var text = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Repository.Path(project))!, "packages.lock.json"));

        Assert.Contains("\"contentHash\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void RestoresOfCiAreLocked()
    {
        Assert.Equal("true", (string)Properties.Descendants("RestorePackagesWithLockFile").Single());
        var locked = Properties.Descendants("RestoreLockedMode").Single();
        Assert.Equal(("true", "'$(CI)' == 'true'"), ((string)locked, (string)locked.Attribute("Condition")!));
        Assert.Contains("export CI=true", File.ReadAllText(Repository.Path(".ci", "run")), StringComparison.Ordinal);
    }
}
