using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>A server in a process of its own that can be killed, as servers are. It ends with this process at the latest.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _said = [];

    private PeerProcess(Process process, int port)
    {
        _process = process;
        Port = port;
        _ = ListenAsync();
    }

    public int Port { get; }

    /// <summary>Starts a program that prints "listening PORT" when it does.</summary>
    public static async Task<PeerProcess> StartAsync(string program, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var complaints = process.StandardError.ReadToEndAsync();
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(Deadline.Short);
        Assert.True(line?.StartsWith("listening ", StringComparison.Ordinal), $"{program} did not listen: {line ?? await complaints.WaitAsync(Deadline.Short)}");
        return new PeerProcess(process, int.Parse(line!.AsSpan("listening ".Length), CultureInfo.InvariantCulture));
    }

    /// <summary>Waits until it has printed a line.</summary>
    public Task SaysAsync(string line) => Deadline.UntilAsync(() => _said.Contains(line), $"the server says '{line}'");

    /// <summary>Kills it, with everything that is connected to it.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Deadline.Short);
        _process.Dispose();
    }

    private async Task ListenAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _said.Enqueue(line);
        }
    }
}
