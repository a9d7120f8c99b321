using ThriftBreaker.Tests;

namespace ThriftBreaker.Generator.Tests.Harness;

/// <summary>The C# that the Thrift compiler generates from the contracts in idl/.</summary>
internal static class Contracts
{
    public static string[] MyService { get; } = In("Example");

    public static string[] Calculator { get; } = In("Calculators");

    private static string[] In(string folder)
        => [.. Directory.EnumerateFiles(Path.Combine(TestRun.RepositoryRoot, "idl", "gen-netstd", "Circuit", folder), "*.cs")
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllText)];
}
