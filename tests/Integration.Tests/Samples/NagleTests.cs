using System.Net;
using System.Net.Sockets;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Integration.Tests.Samples;

/// <summary>
/// Every server of the samples and tests disables Nagle's algorithm, which delays replies of several writes by 40 ms.
/// </summary>
public sealed class NagleTests
{
    private static readonly string[] Folders = ["samples", "tests"];

    [Fact]
    public void EveryThriftServer_DisablesNagle()
    {
        var servers = Folders
            .SelectMany(static folder => Directory.EnumerateFiles(
                Path.Combine(TestRun.RepositoryRoot, folder), "*.cs", SearchOption.AllDirectories))
            .Where(static file => !file.Split(Path.DirectorySeparatorChar).Any(static part => part is "bin" or "obj"))
            .Select(static file => (Name: Path.GetRelativePath(TestRun.RepositoryRoot, file), Code: File.ReadAllText(file)))
            .Where(static file => IsServer(file.Code) && Path.GetFileName(file.Name) != "NagleTests.cs")
            .ToList();

        Assert.Contains(Path.Combine("samples", "QuickStart", "ServerProcess.cs"), servers.Select(static server => server.Name));
        Assert.Contains(Path.Combine("tests", "Integration.Tests", "Servers", "CalculatorServer.cs"), servers.Select(static server => server.Name));
        Assert.Empty(servers.Where(static server => !server.Code.Contains("NoDelay = true", StringComparison.Ordinal)).Select(static server => server.Name));
    }

    [Fact]
    public async Task AcceptedSocket_InheritsNoDelay()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Server.NoDelay = true;
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, TestContext.Current.CancellationToken);

        using var accepted = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);

        Assert.True(accepted.NoDelay);
    }

    /// <summary>Whether the file accepts connections and serves Thrift on them.</summary>
    private static bool IsServer(string code)
        => Contains(code, "TServerSocketTransport(", "AcceptTcpClientAsync(", "AcceptSocketAsync(", "listener.AcceptAsync(") &&
            Contains(code, "Processor.ProcessAsync", "_processor.ProcessAsync", "TThreadPoolAsyncServer(", "IReplySource");

    private static bool Contains(string code, params string[] parts) => parts.Any(part => code.Contains(part, StringComparison.Ordinal));
}
