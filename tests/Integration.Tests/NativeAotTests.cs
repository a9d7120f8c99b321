using System.Diagnostics;
using System.Runtime.InteropServices;
using ThriftBreaker.Integration.Tests.Servers;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Integration.Tests;

/// <summary>The sample without a runtime: published as native code, against a server that is a process.</summary>
public sealed class NativeAotTests
{
    private static readonly TimeSpan Publishing = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task TheGeneratedClientCallsARealServerAndOpensItsCircuitWithoutARuntime()
    {
        var program = await PublishAsync();
        var server = await Tools.StartPythonMyServiceAsync(WireFormat.Default);
        using var sample = Process.Start(new ProcessStartInfo(program, ["127.0.0.1", $"{server.Port}"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        try
        {
            Assert.Equal("answered: True", await SayAsync(sample, "hello"));

            await server.DisposeAsync();
            for (var failure = 0; failure < 3; failure++)
            {
                Assert.StartsWith("failed: ", await SayAsync(sample, "anybody there?"), StringComparison.Ordinal);
            }

            Assert.StartsWith("not sent: The circuit breaker 'MyService' is open after 3 consecutive failures", await SayAsync(sample, "hello?"), StringComparison.Ordinal);

            sample.StandardInput.Close();
            await sample.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken);
            Assert.Equal(0, sample.ExitCode);
        }
        finally
        {
            sample.Kill();
        }
    }

    /// <summary>Publishes the sample, with every warning an error, those of the trimmer and of the native compiler included.</summary>
    private static async Task<string> PublishAsync()
    {
        Assert.SkipUnless(await Tools.HasLinkerAsync(), "gcc, which links native code, is not installed (Debian: apt-get install gcc libc6-dev).");
        var folder = Path.Combine(AppContext.BaseDirectory, "native");
        using var publishing = Process.Start(new ProcessStartInfo(
            "dotnet", ["publish", Path.Combine(TestRun.RepositoryRoot, "samples", "NativeAot"), "-warnaserror", "--output", folder, "-nodeReuse:false"])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            var said = await publishing.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Publishing, TestContext.Current.CancellationToken);
            await publishing.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken);
            Assert.True(publishing.ExitCode == 0, said);
        }
        finally
        {
            publishing.Kill(entireProcessTree: true);
        }

        return Path.Combine(folder, RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "NativeAot.exe" : "NativeAot");
    }

    private static async Task<string?> SayAsync(Process sample, string line)
    {
        await sample.StandardInput.WriteLineAsync(line.AsMemory(), TestContext.Current.CancellationToken);
        await sample.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        return await sample.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Deadline.Short, TestContext.Current.CancellationToken);
    }
}
