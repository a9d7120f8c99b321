using System.ComponentModel;
using System.Diagnostics;

namespace ThriftBreaker.Generator.Tests.Harness;

/// <summary>The Thrift compiler of this machine, with the options of idl/generate.sh; a later one no longer knows them.</summary>
internal static class ThriftCompiler
{
    public static bool IsThere { get; } = Run("--version").Output.Contains(" 0.17.", StringComparison.Ordinal);

    /// <summary>The C# that it writes for a contract, by the names of the files; none where it refuses the contract.</summary>
    /// <param name="contract">The contract.</param>
    /// <param name="includes">Where it looks for what the contract includes.</param>
    /// <param name="withIncluded">Whether it writes that as well.</param>
    public static SortedDictionary<string, string> Write(string contract, IEnumerable<string> includes, bool withIncluded)
    {
        var folder = Directory.CreateTempSubdirectory("ThriftBreaker.Generator.Tests-");
        try
        {
            string[] recursively = withIncluded ? ["-r"] : [];
            var (isAccepted, _) = Run([.. recursively, "-nowarn", .. includes.SelectMany(static include => new[] { "-I", include }), "--gen", "netstd:net6,no_deepcopy", "-out", folder.FullName, contract]);
            return !isAccepted ? [] : new(
                folder.EnumerateFiles("*.cs", SearchOption.AllDirectories)
                    .ToDictionary(file => Path.GetRelativePath(folder.FullName, file.FullName), static file => File.ReadAllText(file.FullName)),
                StringComparer.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Whether it did what it was told, and what it printed; nothing where it is not installed.</summary>
    private static (bool IsAccepted, string Output) Run(params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("thrift", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode == 0, output);
        }
        catch (Win32Exception)
        {
            // No such program.
            return (false, "");
        }
    }
}
