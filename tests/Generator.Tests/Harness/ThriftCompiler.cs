using System.ComponentModel;
using System.Diagnostics;

namespace ThriftBreaker.Generator.Tests.Harness;

/// <summary>
/// The installed Thrift compiler, with the options of idl/generate.sh, which later versions no longer have.
/// </summary>
internal static class ThriftCompiler
{
    public static bool IsInstalled { get; } = Run("--version").Output.Contains(" 0.17.", StringComparison.Ordinal);

    /// <summary>
    /// Generates the C# of a contract, by the names of the files; empty if the compiler rejects the contract.
    /// </summary>
    /// <param name="contract">The contract.</param>
    /// <param name="includes">The folders of the included contracts.</param>
    /// <param name="withIncluded">Whether to generate the included contracts as well.</param>
    public static SortedDictionary<string, string> Generate(string contract, IEnumerable<string> includes, bool withIncluded)
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

    /// <summary>Whether the run succeeded, and its output; empty if the compiler is not installed.</summary>
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
            // The program does not exist.
            return (false, "");
        }
    }
}
