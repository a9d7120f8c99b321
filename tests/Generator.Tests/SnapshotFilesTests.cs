using ThriftBreaker.Generator.Tests.Harness;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Generator.Tests;

/// <summary>A snapshot of a test that was renamed, deleted or changed would be compared with nothing.</summary>
public sealed class SnapshotFilesTests
{
    private const string Snapshot = "OrderTests.Submits#Orders.g.verified.cs";

    [Fact]
    public void EverySnapshotIsComparedByATest()
    {
        var folder = Path.Combine(TestRun.RepositoryRoot, "tests", "Generator.Tests");
        string[] snapshots = [.. Directory.GetFiles(Path.Combine(folder, "Snapshots"), "*.verified.*").Select(static path => Path.GetFileName(path))];

        Assert.NotEmpty(snapshots);
        Assert.Empty(SnapshotFiles.FindStale(snapshots, Directory.GetFiles(folder, "*.cs").Select(static path => (path, File.ReadAllText(path)))));
    }

    [Theory]
    [InlineData("[Fact] public void Submits() => Snapshot.Verify(GeneratorRun.Create(\"\"));")]
    [InlineData("[Theory, InlineData(1)] public void Submits(int a) { var run = Run(a); Snapshot.Verify(run, $\"{a}\"); }")]
    [InlineData("[Fact] public void Other() { } [Fact] public void Submits() { foreach (var a in All) { Snapshot.Verify(a); } }")]
    public void ComparedSnapshotIsNotStale(string members) => Assert.Empty(FindStale(Snapshot, members));

    [Theory]
    [InlineData("")]
    [InlineData("[Fact] public void Submitted() => Snapshot.Verify(GeneratorRun.Create(\"\"));")]
    [InlineData("[Fact] public void Submits() => GeneratorRun.Create(\"\");")]
    [InlineData("[Fact] public void Submits() { var run = Run(); // Snapshot.Verify(run);\n Assert.NotNull(run); }")]
    [InlineData("[Fact] public void Submits() => Assert.Equal(\"Snapshot.Verify(run)\", Run());")]
    [InlineData("[Fact] public void Submits() { } private void Other() => Snapshot.Verify(Run());")]
    [InlineData("public void Submits() => Snapshot.Verify(Run());")]
    [InlineData("[Fact] public void Submits() => Other.Verify(Run());")]
    public void SnapshotThatNoTestComparesIsStale(string members) => Assert.Equal([Snapshot], FindStale(Snapshot, members));

    [Theory]
    [InlineData("OrderTests.Submits_1#Orders.g.verified.cs")]
    [InlineData("OrderTests.Submits.verified.txt")]
    public void NameOfASnapshotStartsWithThatOfItsTest(string snapshot)
    {
        Assert.Empty(FindStale(snapshot, "[Fact] public void Submits() => Snapshot.Verify(Run());"));
        Assert.Equal([snapshot], FindStale(snapshot, "[Fact] public void Submit() => Snapshot.Verify(Run());"));
    }

    private static IEnumerable<string> FindStale(string snapshot, string members)
        => SnapshotFiles.FindStale([snapshot], [("/tests/OrderTests.cs", $"public sealed class OrderTests {{ {members} }}")]);
}
