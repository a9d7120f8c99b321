using System.ComponentModel;
using System.Diagnostics;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>Programs of other languages. A test that needs one which is not installed is skipped, and says what to install.</summary>
internal static class Tools
{
    /// <summary>Debian's Python, which has Debian's packages; another one may come first on the PATH.</summary>
    private static readonly string Python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    private static readonly Lazy<Task<bool>> PythonHasThrift = new(() => SucceedsAsync(Python, "-c", "import thrift"));
    private static readonly Lazy<Task<bool>> PythonHasThriftPy = new(() => SucceedsAsync(Python, "-c", "import thriftpy"));
    private static readonly Lazy<Task<string?>> PythonCalculator = new(GenerateAsync);

    /// <summary>A calculator in Python, with Apache Thrift's own library and compiler.</summary>
    public static async Task<PeerProcess> StartPythonCalculatorAsync(Speech speech, int port = 0)
    {
        Assert.SkipUnless(await PythonHasThrift.Value, "Python's Apache Thrift library is not installed (Debian: apt-get install python3-thrift).");
        var generated = await PythonCalculator.Value;
        Assert.SkipWhen(generated is null, "The Thrift compiler is not installed (Debian: apt-get install thrift-compiler).");
        return await PeerProcess.StartAsync(Python, Peer("calculator_server.py"), generated!, $"{port}", $"{speech.Transport}", $"{speech.Protocol}");
    }

    /// <summary>The service of the original in Python, with the library of the original.</summary>
    public static async Task<PeerProcess> StartPythonMyServiceAsync(Speech speech, int port = 0)
    {
        Assert.SkipUnless(await PythonHasThriftPy.Value, "ThriftPy is not installed (Debian: apt-get install python3-thriftpy).");
        return await PeerProcess.StartAsync(Python, Peer("my_service_server.py"), Contract("my_service.thrift"), $"{port}", $"{speech.Transport}");
    }

    /// <summary>Whether native code can be linked here.</summary>
    public static Task<bool> HasLinkerAsync() => SucceedsAsync("gcc", "--version");

    private static string Peer(string file) => Path.Combine(TestRun.RepositoryRoot, "tests", "Integration.Tests", "Peers", file);

    private static string Contract(string file) => Path.Combine(TestRun.RepositoryRoot, "idl", file);

    /// <summary>Has the Thrift compiler write the calculator's Python; null where there is no compiler.</summary>
    private static async Task<string?> GenerateAsync()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "calculator-python");
        Directory.CreateDirectory(folder);
        return await SucceedsAsync("thrift", "--gen", "py", "-out", folder, Contract("calculator.thrift")) ? folder : null;
    }

    private static async Task<bool> SucceedsAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()).WaitAsync(Deadline.Short);
            await process.WaitForExitAsync().WaitAsync(Deadline.Short);
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            // No such program.
            return false;
        }
    }
}
