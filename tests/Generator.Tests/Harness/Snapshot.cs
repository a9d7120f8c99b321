using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Tests.Harness;

/// <summary>
/// Compares generated code with reviewed files, in the layout of Verify.SourceGenerators, so that a change to that
/// package would keep the snapshots. <c>SNAPSHOT_ACCEPT=1</c> accepts new, changed and deleted files.
/// </summary>
internal sealed class Snapshot(string directory, bool accept)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);

    /// <summary>Compares a run with the snapshots of the calling test, in the folder Snapshots next to it.</summary>
    public static void Verify(GeneratorRun run, string? parameters = null, [CallerFilePath] string testFile = "", [CallerMemberName] string test = "")
    {
        var directory = Path.Combine(Path.GetDirectoryName(testFile)!, "Snapshots");
        var prefix = $"{Path.GetFileNameWithoutExtension(testFile)}.{test}{(parameters is null ? "" : "_" + parameters)}";
        var accept = Environment.GetEnvironmentVariable("SNAPSHOT_ACCEPT") == "1";
        var differences = new Snapshot(directory, accept).Compare(prefix, Files(prefix, run.Result));
        Assert.True(differences.Count == 0, $"Accept with SNAPSHOT_ACCEPT=1:\n{string.Join('\n', differences)}");
    }

    /// <summary>Gets the snapshots of a run: one for each source, and one for the diagnostics if it has any.</summary>
    public static SortedDictionary<string, string> Files(string prefix, GeneratorDriverRunResult run)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var source in run.Results.SelectMany(static result => result.GeneratedSources))
        {
            files.Add(
                $"{prefix}#{Path.GetFileNameWithoutExtension(source.HintName)}.verified.cs",
                $"//HintName: {source.HintName}\n{source.SourceText}");
        }

        if (!run.Diagnostics.IsEmpty)
        {
            files.Add($"{prefix}.verified.txt", DiagnosticText.Format(run.Diagnostics));
        }

        return files;
    }

    /// <summary>
    /// Gets the differences from the reviewed files of this prefix; empty if nothing has changed, or the change is
    /// accepted.
    /// </summary>
    public IReadOnlyList<string> Compare(string prefix, SortedDictionary<string, string> actual)
    {
        Directory.CreateDirectory(directory);
        return [.. Stale(prefix, actual), .. actual.Select(file => Difference(file.Key, file.Value)).OfType<string>()];
    }

    private List<string> Stale(string prefix, SortedDictionary<string, string> actual)
    {
        var stale = Directory.EnumerateFiles(directory, prefix + "*.verified.*")
            .Select(static path => Path.GetFileName(path))
            .Where(name => name.StartsWith(prefix + "#", StringComparison.Ordinal) || name == prefix + ".verified.txt")
            .Except(actual.Keys)
            .ToList();
        if (!accept)
        {
            return stale.ConvertAll(static name => $"stale: {name}");
        }

        stale.ForEach(name => File.Delete(Path.Combine(directory, name)));
        return [];
    }

    private string? Difference(string name, string actual)
    {
        var path = Path.Combine(directory, name);
        var received = path.Replace(".verified.", ".received.", StringComparison.Ordinal);
        var expected = File.Exists(path) ? File.ReadAllText(path, Utf8) : null;
        if (expected != actual && !accept)
        {
            File.WriteAllText(received, actual, Utf8);
            return expected is null ? $"new: {name}" : $"changed: {name}\n{FirstDifference(expected, actual)}";
        }

        if (expected != actual)
        {
            File.WriteAllText(path, actual, Utf8);
        }

        File.Delete(received);
        return null;
    }

    private static string FirstDifference(string expected, string actual)
    {
        string[] was = [.. expected.Split('\n'), "<end>"];
        string[] @is = [.. actual.Split('\n'), "<end>"];
        var line = was.Zip(@is).TakeWhile(static pair => pair.First == pair.Second).Count();
        return $"  line {line + 1}\n  - {was.ElementAtOrDefault(line)}\n  + {@is.ElementAtOrDefault(line)}";
    }
}
