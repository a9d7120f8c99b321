using ThriftBreaker.Tests;

namespace ThriftBreaker.Generator.Tests.Harness;

/// <summary>
/// A contract of a public project. Their licences differ, so they are outside of the repository: in the folder that
/// THRIFTBREAKER_IDL names, or in shared/idl next to the repository or above it.
/// </summary>
/// <param name="Name">Its path in that folder.</param>
internal sealed record RealContract(string Name)
{
    public static string? Folder { get; } = Environment.GetEnvironmentVariable("THRIFTBREAKER_IDL") is { Length: > 0 } folder
        ? Path.GetFullPath(folder)
        : Above(TestRun.RepositoryRoot).Select(static place => Path.Combine(place, "shared", "idl")).FirstOrDefault(Directory.Exists);

    /// <summary>The path of the file.</summary>
    public string FullPath => Path.Combine(Folder!, Name);

    /// <summary>The contracts with a line that declares a service.</summary>
    public static IEnumerable<RealContract> WithServices
        => Files()
            .Where(static path => File.ReadLines(path).Any(static line => line.TrimStart().StartsWith("service ", StringComparison.Ordinal)))
            .Select(static path => new RealContract(Path.GetRelativePath(Folder!, path)))
            .OrderBy(static contract => contract.Name, StringComparer.Ordinal);

    /// <summary>Skips the test if the contracts or their compiler are absent.</summary>
    public static void SkipUnlessAvailable()
    {
        // .ci/run excuses this reason.
        Assert.SkipUnless(Folder is not null, "The contracts of public projects are not available; THRIFTBREAKER_IDL names their folder.");
        Assert.SkipUnless(ThriftCompiler.IsInstalled, "The Thrift compiler 0.17 is not installed (Debian: apt-get install thrift-compiler).");
    }

    /// <summary>
    /// Generates the C# of the contract and of all that it includes; empty if the Thrift compiler rejects it.
    /// </summary>
    public SortedDictionary<string, string> Generate() => ThriftCompiler.Generate(FullPath, Includes(), withIncluded: true);

    /// <summary>The names of the files of the contract without its includes.</summary>
    public HashSet<string> OwnFiles() => [.. ThriftCompiler.Generate(FullPath, Includes(), withIncluded: false).Keys];

    private static IEnumerable<string> Files() => Directory.EnumerateFiles(Folder!, "*.thrift", SearchOption.AllDirectories);

    /// <summary>Contracts include each other by paths from the root of their project or from their folder.</summary>
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
