using ThriftBreaker.Tests;

namespace ThriftBreaker.Generator.Tests;

/// <summary>A snapshot of a renamed or deleted test would be compared with nothing.</summary>
public sealed class SnapshotFilesTests
{
    [Fact]
    public void EverySnapshotBelongsToATest()
        => Assert.All(
            Directory.GetFiles(Path.Combine(TestRun.RepositoryRoot, "tests", "Generator.Tests", "Snapshots"), "*.verified.*").Select(Path.GetFileName),
            static file =>
            {
                var names = file!.Split('#')[0].Split('.');
                var test = typeof(SnapshotFilesTests).Assembly.GetType($"{typeof(SnapshotFilesTests).Namespace}.{names[0]}")?.GetMethod(names[1]);
                Assert.True(test is not null, $"No test creates {file}.");
            });
}
