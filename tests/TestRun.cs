using System.Runtime.CompilerServices;

namespace ThriftBreaker.Tests;

/// <summary>What every test project asks about the run it is part of.</summary>
internal static class TestRun
{
    /// <summary>Whether the long runs are on: stress, fuzz and chaos at full length. CI sets THRIFTBREAKER_LONG=1.</summary>
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("THRIFTBREAKER_LONG") == "1";

    /// <summary>The folder that holds Generators.sln.</summary>
    public static string RepositoryRoot { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, ".."));

    /// <summary>A number of repetitions: enough to notice a defect in a quick run, enough to trust its absence in a long one.</summary>
    public static int Times(int quick, int @long) => IsLong ? @long : quick;

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
