using ThriftBreaker.Tests;

namespace ThriftBreaker.Generator.Tests.Harness;

/// <summary>
/// A contract of a public project. They lie outside of the repository, under other licences: in the folder that THRIFTBREAKER_IDL names, or
/// in shared/idl beside the repository or above it.
/// </summary>
/// <param name="Name">Its path in that folder.</param>
internal sealed record RealContract(string Name)
{
    public static string? Folder { get; } = Environment.GetEnvironmentVariable("THRIFTBREAKER_IDL") is { Length: > 0 } folder
        ? Path.GetFullPath(folder)
        : Above(TestRun.RepositoryRoot).Select(static place => Path.Combine(place, "shared", "idl")).FirstOrDefault(Directory.Exists);

    /// <summary>Those that declare a service, as far as a look at their lines can tell.</summary>
    public static IEnumerable<RealContract> WithServices
        => Files()
            .Where(static path => File.ReadLines(path).Any(static line => line.TrimStart().StartsWith("service ", StringComparison.Ordinal)))
            .Select(static path => new RealContract(Path.GetRelativePath(Folder!, path)))
            .OrderBy(static contract => contract.Name, StringComparer.Ordinal);

    /// <summary>The C# of the contract and of all that it includes; none where the Thrift compiler refuses it.</summary>
    public SortedDictionary<string, string> Write() => ThriftCompiler.Write(Path.Combine(Folder!, Name), Includes(), withIncluded: true);

    /// <summary>The names of the files that are the contract's own.</summary>
    public HashSet<string> OwnFiles() => [.. ThriftCompiler.Write(Path.Combine(Folder!, Name), Includes(), withIncluded: false).Keys];

    private static IEnumerable<string> Files() => Directory.EnumerateFiles(Folder!, "*.thrift", SearchOption.AllDirectories);

    /// <summary>Contracts include each other by paths from the roots of their projects, or of their own folders.</summary>
    private static IEnumerable<string> Includes()
        => Directory.EnumerateDirectories(Folder!).Concat(Files().Select(static path => Path.GetDirectoryName(path)!)).Distinct();

    private static IEnumerable<string> Above(string? place)
    {
        for (; place is not null; place = Path.GetDirectoryName(place))
        {
            yield return place;
        }
    }
}
