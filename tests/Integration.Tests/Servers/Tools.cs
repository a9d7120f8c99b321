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
    private static readonly Lazy<Task<bool>> NodeIsThere = new(() => SucceedsAsync("node", "--version"));
    private static readonly Lazy<Task<string?>> PythonCalculator = new(() => GenerateAsync("py"));
    private static readonly Lazy<Task<string?>> NodeCalculator = new(() => GenerateAsync("js:node,es6"));

    /// <summary>A calculator of another library or language.</summary>
    public static Task<PeerProcess> StartCalculatorAsync(Peer peer, WireFormat wireFormat, int port = 0) => peer switch
    {
        Peer.CSharp => PeerProcess.StartAsync("dotnet", Built("CalculatorPeer"), $"{port}", $"{wireFormat.Transport}", $"{wireFormat.Protocol}"),
        Peer.Python => StartPythonCalculatorAsync(wireFormat, port),
        Peer.Node => StartNodeCalculatorAsync(wireFormat, port),
        _ => StartThriftPyCalculatorAsync(wireFormat, port),
    };

    /// <summary>A calculator in Python, with Apache Thrift's own library and compiler.</summary>
    /// <param name="wireFormat">How it speaks.</param>
    /// <param name="port">Where; a free port for 0.</param>
    /// <param name="way">Over what else than plain sockets; see the program.</param>
    public static async Task<PeerProcess> StartPythonCalculatorAsync(WireFormat wireFormat, int port = 0, params string[] way)
    {
        Assert.SkipUnless(await PythonHasThrift.Value, "Python's Apache Thrift library is not installed (Debian: apt-get install python3-thrift).");
        return await PeerProcess.StartAsync(
            Python, [Program("calculator_server.py"), await WrittenByAsync(PythonCalculator), $"{port}", $"{wireFormat.Transport}", $"{wireFormat.Protocol}", .. way]);
    }

    /// <summary>The service of the original in Python, with the library of the original.</summary>
    public static async Task<PeerProcess> StartPythonMyServiceAsync(WireFormat wireFormat, int port = 0)
    {
        Assert.SkipUnless(await PythonHasThriftPy.Value, "ThriftPy is not installed (Debian: apt-get install python3-thriftpy).");
        return await PeerProcess.StartAsync(Python, Program("my_service_server.py"), Contract("my_service.thrift"), $"{port}", $"{wireFormat.Transport}");
    }

    /// <summary>Whether native code can be linked here.</summary>
    public static Task<bool> HasLinkerAsync() => SucceedsAsync("gcc", "--version");

    private static async Task<PeerProcess> StartThriftPyCalculatorAsync(WireFormat wireFormat, int port)
    {
        Assert.SkipUnless(await PythonHasThriftPy.Value, "ThriftPy is not installed (Debian: apt-get install python3-thriftpy).");
        return await PeerProcess.StartAsync(Python, Program("thriftpy_calculator_server.py"), Contract("calculator.thrift"), $"{port}", $"{wireFormat.Transport}");
    }

    private static async Task<PeerProcess> StartNodeCalculatorAsync(WireFormat wireFormat, int port)
    {
        Assert.SkipUnless(await NodeIsThere.Value, "Node is not installed (Debian: apt-get install nodejs npm).");
        Assert.SkipUnless(Directory.Exists(Program("node_modules")), "Node's Apache Thrift library is not installed (npm ci --prefix tests/Integration.Tests/Peers).");
        return await PeerProcess.StartAsync(
            "node", Program("calculator_server.js"), await WrittenByAsync(NodeCalculator), $"{port}", $"{wireFormat.Transport}", $"{wireFormat.Protocol}");
    }

    private static string Built(string project) => Path.Combine(
        TestRun.RepositoryRoot, "tests", project, Path.GetRelativePath(Path.Combine(TestRun.RepositoryRoot, "tests", "Integration.Tests"), AppContext.BaseDirectory), $"{project}.dll");

    private static string Program(string file) => Path.Combine(TestRun.RepositoryRoot, "tests", "Integration.Tests", "Peers", file);

    private static string Contract(string file) => Path.Combine(TestRun.RepositoryRoot, "idl", file);

    private static async Task<string> WrittenByAsync(Lazy<Task<string?>> compiler)
    {
        var folder = await compiler.Value;
        Assert.SkipWhen(folder is null, "The Thrift compiler is not installed (Debian: apt-get install thrift-compiler).");
        return folder!;
    }

    /// <summary>Has the Thrift compiler write the calculator in another language; null where there is no compiler.</summary>
    private static async Task<string?> GenerateAsync(string language)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, $"calculator-{language.Split(':')[0]}");
        Directory.CreateDirectory(folder);
        return await SucceedsAsync("thrift", "--gen", language, "-out", folder, Contract("calculator.thrift")) ? folder : null;
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
