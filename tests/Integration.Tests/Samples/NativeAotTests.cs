using System.Diagnostics;
using System.Runtime.InteropServices;
using ThriftBreaker.Integration.Tests.Servers;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Integration.Tests.Samples;

/// <summary>The NativeAot sample, published as native code, against a server process.</summary>
public sealed class NativeAotTests
{
    private static readonly TimeSpan PublishTimeout = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task NativeClient_CallsServerAndOpensCircuit()
    {
        var program = await PublishAsync();
        var server = await ExternalPrograms.StartPythonMyServiceAsync(WireFormat.Default);
        using var sample = Process.Start(new ProcessStartInfo(program, ["127.0.0.1", $"{server.Port}"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        try
        {
            Assert.Equal("answered: True", await SendLineAsync(sample, "hello"));

            await server.DisposeAsync();
            for (var failure = 0; failure < 3; failure++)
            {
                Assert.StartsWith("failed: ", await SendLineAsync(sample, "lost"), StringComparison.Ordinal);
            }

            Assert.StartsWith("not sent: The circuit breaker 'MyService' is open after 3 consecutive failures", await SendLineAsync(sample, "hello?"), StringComparison.Ordinal);

            sample.StandardInput.Close();
            await sample.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken);
            Assert.Equal(0, sample.ExitCode);
        }
        finally
        {
            sample.Kill();
        }
    }

    /// <summary>
    /// Publishes the sample with warnings as errors, also those of the trimmer and the native compiler.
    /// </summary>
    private static async Task<string> PublishAsync()
    {
        Assert.SkipUnless(await ExternalPrograms.HasLinkerAsync(), "gcc, which links native code, is not installed (Debian: apt-get install gcc libc6-dev).");
        var folder = Path.Combine(AppContext.BaseDirectory, "native");
        using var publishing = Process.Start(new ProcessStartInfo(
            "dotnet", ["publish", Path.Combine(TestRun.RepositoryRoot, "samples", "NativeAot"), "-warnaserror", "--output", folder, "-nodeReuse:false"])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            var buildOutput = await publishing.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(PublishTimeout, TestContext.Current.CancellationToken);
            await publishing.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken);
            Assert.True(publishing.ExitCode == 0, buildOutput);
        }
        finally
        {
            publishing.Kill(entireProcessTree: true);
        }

        return Path.Combine(folder, RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "NativeAot.exe" : "NativeAot");
    }

    private static async Task<string?> SendLineAsync(Process sample, string line)
    {
        await sample.StandardInput.WriteLineAsync(line.AsMemory(), TestContext.Current.CancellationToken);
        await sample.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        return await sample.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Deadline.Short, TestContext.Current.CancellationToken);
    }
}
