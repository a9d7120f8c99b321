using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>The snapshot helper must detect every difference that Verify would detect.</summary>
public sealed class SnapshotTests : IDisposable
{
    private const string Prefix = "Tests.Name";
    private const string File = Prefix + "#Orders.g.verified.cs";

    private readonly string _directory = Directory.CreateTempSubdirectory("snapshots").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void AcceptedFileIsExpected()
    {
        Accept((File, "old"));

        Assert.Empty(Compare((File, "old")));
    }

    [Fact]
    public void NewFileIsADifference()
        => Assert.Equal([$"new: {File}"], Compare((File, "text")));

    [Fact]
    public void ChangedFileIsADifferenceWithItsFirstChangedLine()
    {
        Accept((File, "same\nold\nrest"));

        Assert.Equal([$"changed: {File}\n  line 2\n  - old\n  + new"], Compare((File, "same\nnew\nrest")));
    }

    [Fact]
    public void FileThatIsNoLongerGeneratedIsADifference()
    {
        Accept((File, "text"), (Prefix + ".verified.txt", "text"));

        Assert.Equal([$"stale: {File}"], Compare((Prefix + ".verified.txt", "text")));
    }

    [Fact]
    public void FilesOfATestWithALongerNameAreIgnored()
    {
        Accept("Tests.NameIsLonger", ("Tests.NameIsLonger#Orders.g.verified.cs", "text"));

        Assert.Empty(Compare());
    }

    [Fact]
    public void ReceivedFileIsKeptUntilItIsAccepted()
    {
        var received = Path.Combine(_directory, Prefix + "#Orders.g.received.cs");
        Compare((File, "new"));
        Assert.Equal("new", System.IO.File.ReadAllText(received));

        Accept((File, "new"));
        Assert.False(System.IO.File.Exists(received));
    }

    [Fact]
    public void AcceptedFilesAreUtf8WithAByteOrderMark()
    {
        Accept((File, "text"));
        Accept((Prefix + "#Returns.g.verified.cs", "text"));

        var path = Assert.Single(Directory.GetFiles(_directory));
        Assert.Equal(Prefix + "#Returns.g.verified.cs", Path.GetFileName(path));
        Assert.Equal([.. Encoding.UTF8.Preamble, .. "text"u8], System.IO.File.ReadAllBytes(path));
    }

    [Fact]
    public void SourceIsNamedAfterItsHintNameAndStartsWithIt()
    {
        var run = GeneratorRun.Create("[ThriftBreaker.CircuitBreaker] public interface IOrders { void Submit(); }");

        var (name, text) = Assert.Single(Snapshot.Files(Prefix, run.Result));
        Assert.Equal(Prefix + "#IOrders.CircuitBreaker.g.verified.cs", name);
        Assert.Equal($"//HintName: IOrders.CircuitBreaker.g.cs\n{run.Text}", text);
    }

    [Fact]
    public void DiagnosticsAreRelaxedJson()
    {
        var rule = new DiagnosticDescriptor("theId", "the title", "the message from {0}", "the category", DiagnosticSeverity.Info, isEnabledByDefault: true);
        var location = Location.Create("dir/theFile.cs", new TextSpan(1, 2), new LinePositionSpan(new LinePosition(1, 2), new LinePosition(3, 4)));

        Assert.Equal(
            """
            {
              Diagnostics: [
                {
                  Location: dir\theFile.cs: (1,2)-(3,4),
                  Message: the message from the generator,
                  Severity: Info,
                  WarningLevel: 1,
                  Descriptor: {
                    Id: theId,
                    Title: the title,
                    MessageFormat: the message from {0},
                    Category: the category,
                    DefaultSeverity: Info,
                    IsEnabledByDefault: true
                  }
                }
              ]
            }
            """,
            DiagnosticText.Format([Diagnostic.Create(rule, location, "the generator")]));
    }

    private void Accept(params (string Name, string Text)[] files) => Accept(Prefix, files);

    private void Accept(string prefix, params (string Name, string Text)[] files)
        => Assert.Empty(new Snapshot(_directory, accept: true).Compare(prefix, Sorted(files)));

    private IReadOnlyList<string> Compare(params (string Name, string Text)[] files)
        => new Snapshot(_directory, accept: false).Compare(Prefix, Sorted(files));

    private static SortedDictionary<string, string> Sorted((string Name, string Text)[] files)
        => new(files.ToDictionary(static file => file.Name, static file => file.Text), StringComparer.Ordinal);
}
