using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>A server in a separate process that can be killed. It ends with this process at the latest.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];

    private PeerProcess(Process process, int[] ports)
    {
        _process = process;
        Ports = ports;
        _ = ReadOutputAsync();
    }

    public int Port => Ports[0];

    public IReadOnlyList<int> Ports { get; }

    /// <summary>
    /// Starts a program that prints "listening", and its port or ports in the order of its documentation, when it
    /// listens.
    /// </summary>
    public static Task<PeerProcess> StartAsync(string program, params string[] arguments) => StartAsync(hasInput: true, program, arguments);

    /// <summary>Starts a program whose input ends at once, as that of a service or a job without a terminal.</summary>
    public static Task<PeerProcess> StartWithoutInputAsync(string program, params string[] arguments) => StartAsync(hasInput: false, program, arguments);

    private static async Task<PeerProcess> StartAsync(bool hasInput, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["END_WITH_INPUT"] = hasInput ? "1" : "";
        var process = Process.Start(start)!;
        if (!hasInput)
        {
            process.StandardInput.Close();
        }

        var errors = process.StandardError.ReadToEndAsync();
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(Deadline.Short);
        Assert.True(line?.StartsWith("listening ", StringComparison.Ordinal), $"{program} did not listen: {line ?? await errors.WaitAsync(Deadline.Short)}");
        return new PeerProcess(process, [.. line!.Split(' ').Skip(1).Select(static port => int.Parse(port, CultureInfo.InvariantCulture))]);
    }

    /// <summary>Waits until the program has printed a line.</summary>
    public Task PrintsAsync(string line) => Deadline.UntilAsync(() => _output.Contains(line), $"the server prints '{line}'");

    /// <summary>Kills the process and thereby its connections.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Deadline.Short);
        _process.Dispose();
    }

    private async Task ReadOutputAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _output.Enqueue(line);
        }
    }
}
