using System.Runtime.CompilerServices;

namespace ThriftBreaker.Tests;

/// <summary>Provides the settings of the test run and the place of the repository.</summary>
internal static class TestRun
{
    /// <summary>Gets whether stress, fuzz and chaos tests run at full length. CI sets THRIFTBREAKER_LONG=1.</summary>
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("THRIFTBREAKER_LONG") == "1";

    /// <summary>Gets the folder of Generators.sln.</summary>
    public static string RepositoryRoot { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, ".."));

    /// <summary>Returns the number of repetitions of a test in this run.</summary>
    public static int Times(int quick, int @long) => IsLong ? @long : quick;

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
