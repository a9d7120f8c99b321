using System.Collections.Concurrent;
using System.Diagnostics;

namespace ThriftBreaker.Package.Tests.Harness;

/// <summary>
/// A process of the .NET SDK, or of a program that it built. It ends within a deadline, and when this object is
/// disposed.
/// </summary>
internal sealed class DotNet : IDisposable
{
    /// <summary>
    /// The time after which a command counts as a hang, on a machine that runs other tests at the same time.
    /// </summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    /// <summary>Arguments that prevent servers of the compiler and MSBuild from running on after the build.</summary>
    private static readonly string[] WithoutServers = ["-nodeReuse:false", "-p:UseSharedCompilation=false", "-tl:off", "-v:quiet", "-clp:NoSummary"];

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];
    private readonly string _command;

    private DotNet(string folder, string[] arguments, string program = "dotnet")
    {
        _command = $"{program} {string.Join(' ', arguments)}";
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        // Tests in other processes measure real time.
        _process.PriorityClass = ProcessPriorityClass.BelowNormal;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Gets the lines of the process so far, of both outputs.</summary>
    public string[] Output => [.. _output];

    /// <summary>Starts a built program.</summary>
    public static DotNet Start(string assembly) => new(Path.GetDirectoryName(assembly)!, [assembly]);

    /// <summary>Starts a program that was published as native code.</summary>
    public static DotNet StartNative(string folder, string name)
        => new(folder, [], Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name));

    /// <summary>Runs a built program, which must succeed, and returns its output.</summary>
    public static async Task<string[]> RunAsync(string assembly)
    {
        using var program = Start(assembly);
        await program.SucceedsAsync();
        return program.Output;
    }

    /// <summary>Builds or packs, which must succeed.</summary>
    public static async Task BuildAsync(string folder, params string[] arguments)
    {
        using var build = new DotNet(folder, [.. arguments, .. WithoutServers]);
        await build.SucceedsAsync();
    }

    /// <summary>Builds, and returns the distinct errors; empty if the build succeeds.</summary>
    public static async Task<string[]> ErrorsAsync(string folder, params string[] arguments)
    {
        using var build = new DotNet(folder, [.. arguments, .. WithoutServers]);
        var succeeded = await build.ExitCodeAsync() == 0;
        string[] errors = [.. build.Output.Where(static line => line.Contains(": error ", StringComparison.Ordinal)).Distinct()];
        Assert.True(succeeded == (errors.Length == 0), build.Report("ended with an exit code that contradicts its errors"));
        return errors;
    }

    /// <summary>Waits for a line with this beginning, and returns the rest of it.</summary>
    public async Task<string> SaysAsync(string beginning)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (_output.FirstOrDefault(candidate => candidate.StartsWith(beginning, StringComparison.Ordinal)) is { } line)
            {
                return line[beginning.Length..];
            }

            Assert.False(_process.HasExited || TimeProvider.System.GetElapsedTime(start) > Deadline, Report($"did not print '{beginning}'"));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public async Task SucceedsAsync() => Assert.True(await ExitCodeAsync() == 0, Report("failed"));

    /// <summary>Closes the process's input and waits for its end.</summary>
    private async Task<int> ExitCodeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Fail(Report($"did not end within {Deadline.TotalMinutes} minutes"));
        }

        return _process.ExitCode;
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (!string.IsNullOrWhiteSpace(line))
        {
            _output.Enqueue(line);
        }
    }

    private string Report(string outcome) => $"{_command} {outcome}. Output:\n{string.Join('\n', _output)}";
}
