using System.Collections.Concurrent;
using System.Diagnostics;

namespace ThriftBreaker.Package.Tests.Harness;

/// <summary>A command of the .NET SDK, or what it has made, as a process that ends within a deadline, and with this object at the latest.</summary>
internal sealed class DotNet : IDisposable
{
    /// <summary>How long a command may take before it is called a hang, on a machine that runs other tests meanwhile.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    /// <summary>No server that the compiler or MSBuild would leave running for the next build.</summary>
    private static readonly string[] NothingStays = ["-nodeReuse:false", "-p:UseSharedCompilation=false", "-tl:off", "-v:quiet", "-clp:NoSummary"];

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
        // The tests that run beside these have clocks of their own.
        _process.PriorityClass = ProcessPriorityClass.BelowNormal;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What the process has said so far, on both of its outputs.</summary>
    public string[] Output => [.. _output];

    /// <summary>Starts a program that was built before.</summary>
    public static DotNet Start(string assembly) => new(Path.GetDirectoryName(assembly)!, [assembly]);

    /// <summary>Starts a program that was published as native code.</summary>
    public static DotNet StartNative(string folder, string name)
        => new(folder, [], Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name));

    /// <summary>Runs a program that was built before, which must succeed, and gives what it said.</summary>
    public static async Task<string[]> RunAsync(string assembly)
    {
        using var program = Start(assembly);
        await program.SucceedsAsync();
        return program.Output;
    }

    /// <summary>Builds or packs, which must succeed.</summary>
    public static async Task BuildAsync(string folder, params string[] arguments)
    {
        using var build = new DotNet(folder, [.. arguments, .. NothingStays]);
        await build.SucceedsAsync();
    }

    /// <summary>Builds, and gives the errors, each once; none where the build succeeds.</summary>
    public static async Task<string[]> ErrorsAsync(string folder, params string[] arguments)
    {
        using var build = new DotNet(folder, [.. arguments, .. NothingStays]);
        var succeeded = await build.ExitCodeAsync() == 0;
        string[] errors = [.. build.Output.Where(static line => line.Contains(": error ", StringComparison.Ordinal)).Distinct()];
        Assert.True(succeeded == (errors.Length == 0), build.Report("ended as its errors do not say"));
        return errors;
    }

    /// <summary>Waits for a line that begins like this, and gives the rest of it.</summary>
    public async Task<string> SaysAsync(string beginning)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (_output.FirstOrDefault(line => line.StartsWith(beginning, StringComparison.Ordinal)) is { } said)
            {
                return said[beginning.Length..];
            }

            Assert.False(_process.HasExited || TimeProvider.System.GetElapsedTime(start) > Deadline, Report($"did not say '{beginning}'"));
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

    private string Report(string happened) => $"{_command} {happened}. It said:\n{string.Join('\n', _output)}";
}
