using System.Collections.Concurrent;
using System.Diagnostics;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>A program of samples/ in a separate process.</summary>
internal sealed class Sample : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];
    private readonly ConcurrentQueue<string> _errors = [];

    public Sample(string name, params string[] arguments)
    {
        // The same relative path below the project's folder as that of the tests:
        // tests/Integration.Tests/bin/Debug/net10.0.
        var built = Path.GetRelativePath(Path.Combine(TestRun.RepositoryRoot, "tests"), AppContext.BaseDirectory).Split(Path.DirectorySeparatorChar)[1..];
        var folder = Path.Combine(TestRun.RepositoryRoot, "samples", name);
        var program = Path.Combine([folder, .. built, $"{name}.dll"]);
        _process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [program, .. arguments]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        _process.OutputDataReceived += (_, line) => Keep(line.Data, _output);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data, _errors);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string[] Output => [.. _output];

    public string[] Errors => [.. _errors];

    public Task SaysAsync(string part)
        => Deadline.UntilAsync(() => _output.Any(line => line.Contains(part, StringComparison.Ordinal)), $"the sample prints '{part}'");

    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline.Long, TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    private static void Keep(string? line, ConcurrentQueue<string> lines)
    {
        if (!string.IsNullOrWhiteSpace(line))
        {
            lines.Enqueue(line);
        }
    }
}
