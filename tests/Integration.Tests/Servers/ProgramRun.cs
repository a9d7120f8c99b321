using System.ComponentModel;
using System.Diagnostics;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>A program that ran to its end.</summary>
/// <param name="Succeeded">Whether it is installed and returned zero.</param>
/// <param name="Output">What it printed, errors last.</param>
internal sealed record ProgramRun(bool Succeeded, string Output)
{
    public static async Task<ProgramRun> StartAsync(string program, IEnumerable<string> arguments, TimeSpan deadline)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.StandardInput.Close();
            var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()).WaitAsync(deadline);
            await process.WaitForExitAsync().WaitAsync(deadline);
            return new ProgramRun(process.ExitCode == 0, string.Concat(output));
        }
        catch (Win32Exception notInstalled)
        {
            return new ProgramRun(Succeeded: false, notInstalled.Message);
        }
    }

    /// <summary>Returns whether a program is installed and succeeds with these arguments.</summary>
    public static async Task<bool> SucceedsAsync(string program, params string[] arguments)
        => (await StartAsync(program, arguments, Deadline.Short)).Succeeded;
}
