using System.ComponentModel;
using System.Diagnostics;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>
/// Starts programs of other languages. A test that requires a program that is not installed is skipped with
/// instructions.
/// </summary>
internal static class ExternalPrograms
{
    /// <summary>Debian's Python has Debian's packages; another Python can be first on the PATH.</summary>
    private static readonly string Python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    private static readonly Lazy<Task<bool>> PythonHasThrift = new(() => SucceedsAsync(Python, "-c", "import thrift"));
    private static readonly Lazy<Task<bool>> PythonHasThriftPy = new(() => SucceedsAsync(Python, "-c", "import thriftpy"));
    private static readonly Lazy<Task<bool>> NodeIsInstalled = new(() => SucceedsAsync("node", "--version"));
    private static readonly Lazy<Task<string?>> PythonCalculator = new(() => GenerateAsync("py"));
    private static readonly Lazy<Task<string?>> NodeCalculator = new(() => GenerateAsync("js:node,es6"));

    /// <summary>Starts a calculator of another library or language.</summary>
    public static Task<PeerProcess> StartCalculatorAsync(Peer peer, WireFormat wireFormat, int port = 0) => peer switch
    {
        Peer.CSharp => PeerProcess.StartAsync("dotnet", GetProgramPath("CalculatorPeer"), $"{port}", $"{wireFormat.Transport}", $"{wireFormat.Protocol}"),
        Peer.Python => StartPythonCalculatorAsync(wireFormat, port),
        Peer.Node => StartNodeCalculatorAsync(wireFormat, port),
        _ => StartThriftPyCalculatorAsync(wireFormat, port),
    };

    /// <summary>Starts a calculator in Python, with Apache Thrift's library and compiler.</summary>
    /// <param name="wireFormat">The transport and protocol.</param>
    /// <param name="port">The port; 0 for a free one.</param>
    /// <param name="options">TLS or a service name; see the program.</param>
    public static async Task<PeerProcess> StartPythonCalculatorAsync(WireFormat wireFormat, int port = 0, params string[] options)
    {
        Assert.SkipUnless(await PythonHasThrift.Value, "Python's Apache Thrift library is not installed (Debian: apt-get install python3-thrift).");
        return await PeerProcess.StartAsync(
            Python, [GetPeerFile("calculator_server.py"), await GetGeneratedFolderAsync(PythonCalculator), $"{port}", $"{wireFormat.Transport}", $"{wireFormat.Protocol}", .. options]);
    }

    /// <summary>Starts the original service in Python, with the library of the original, ThriftPy.</summary>
    public static async Task<PeerProcess> StartPythonMyServiceAsync(WireFormat wireFormat, int port = 0)
        => await PeerProcess.StartAsync(Python, await GetPythonMyServiceAsync(wireFormat, port));

    /// <summary>Starts the original service as a job without a terminal, whose input ends at once.</summary>
    public static async Task<PeerProcess> StartPythonMyServiceWithoutInputAsync(WireFormat wireFormat)
        => await PeerProcess.StartWithoutInputAsync(Python, await GetPythonMyServiceAsync(wireFormat, port: 0));

    /// <summary>Gets whether native code can be linked on this machine.</summary>
    public static Task<bool> HasLinkerAsync() => SucceedsAsync("gcc", "--version");

    private static async Task<string[]> GetPythonMyServiceAsync(WireFormat wireFormat, int port)
    {
        Assert.SkipUnless(await PythonHasThriftPy.Value, "ThriftPy is not installed (Debian: apt-get install python3-thriftpy).");
        return [GetPeerFile("my_service_server.py"), GetContractPath("my_service.thrift"), $"{port}", $"{wireFormat.Transport}"];
    }

    private static async Task<PeerProcess> StartThriftPyCalculatorAsync(WireFormat wireFormat, int port)
    {
        Assert.SkipUnless(await PythonHasThriftPy.Value, "ThriftPy is not installed (Debian: apt-get install python3-thriftpy).");
        return await PeerProcess.StartAsync(Python, GetPeerFile("thriftpy_calculator_server.py"), GetContractPath("calculator.thrift"), $"{port}", $"{wireFormat.Transport}");
    }

    private static async Task<PeerProcess> StartNodeCalculatorAsync(WireFormat wireFormat, int port)
    {
        Assert.SkipUnless(await NodeIsInstalled.Value, "Node is not installed (Debian: apt-get install nodejs npm).");
        Assert.SkipUnless(Directory.Exists(GetPeerFile("node_modules")), "Node's Apache Thrift library is not installed (npm ci --prefix tests/Integration.Tests/Peers).");
        return await PeerProcess.StartAsync(
            "node", GetPeerFile("calculator_server.js"), await GetGeneratedFolderAsync(NodeCalculator), $"{port}", $"{wireFormat.Transport}", $"{wireFormat.Protocol}");
    }

    private static string GetProgramPath(string project) => Path.Combine(
        TestRun.RepositoryRoot, "tests", project, Path.GetRelativePath(Path.Combine(TestRun.RepositoryRoot, "tests", "Integration.Tests"), AppContext.BaseDirectory), $"{project}.dll");

    private static string GetPeerFile(string file) => Path.Combine(TestRun.RepositoryRoot, "tests", "Integration.Tests", "Peers", file);

    private static string GetContractPath(string file) => Path.Combine(TestRun.RepositoryRoot, "idl", file);

    private static async Task<string> GetGeneratedFolderAsync(Lazy<Task<string?>> compiler)
    {
        var folder = await compiler.Value;
        Assert.SkipWhen(folder is null, "The Thrift compiler is not installed (Debian: apt-get install thrift-compiler).");
        return folder!;
    }

    /// <summary>
    /// Generates the calculator in another language with the Thrift compiler; null without a compiler.
    /// </summary>
    private static async Task<string?> GenerateAsync(string language)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, $"calculator-{language.Split(':')[0]}");
        Directory.CreateDirectory(folder);
        return await SucceedsAsync("thrift", "--gen", language, "-out", folder, GetContractPath("calculator.thrift")) ? folder : null;
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
            // The program is not installed.
            return false;
        }
    }
}
