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

    private static readonly Lazy<Task<bool>> PythonHasThrift = new(() => ProgramRun.SucceedsAsync(Python, "-c", "import thrift"));
    private static readonly Lazy<Task<bool>> PythonHasThriftPy = new(() => ProgramRun.SucceedsAsync(Python, "-c", "import thriftpy"));
    private static readonly Lazy<Task<bool>> NodeIsInstalled = new(() => ProgramRun.SucceedsAsync("node", "--version"));

    /// <summary>Tests run many Java processes at once, each for a short time.</summary>
    private static readonly string[] JavaOptions = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m"];

    private const string NodeCode = "js:node,es6";

    private static readonly string Calculator = GetContractPath("calculator.thrift");

    /// <summary>Starts a calculator of another library or language.</summary>
    public static Task<PeerProcess> StartCalculatorAsync(Peer peer, WireFormat wireFormat, int port = 0) => peer switch
    {
        Peer.CSharp => PeerProcess.StartAsync("dotnet", GetProgramPath("CalculatorPeer"), $"{port}", $"{wireFormat.Transport}", $"{wireFormat.Protocol}"),
        Peer.Python => StartPythonCalculatorAsync(wireFormat, port),
        Peer.Node => StartNodeCalculatorAsync(wireFormat, port),
        Peer.Cpp => StartCppCalculatorAsync(wireFormat, port),
        Peer.Java => StartJavaCalculatorAsync(wireFormat, port),
        _ => StartThriftPyCalculatorAsync(wireFormat, port),
    };

    /// <summary>Starts a calculator in Python, with Apache Thrift's library and compiler.</summary>
    /// <param name="wireFormat">The transport and protocol.</param>
    /// <param name="port">The port; 0 for a free one.</param>
    /// <param name="options">TLS or a service name; see the program.</param>
    public static async Task<PeerProcess> StartPythonCalculatorAsync(WireFormat wireFormat, int port = 0, params string[] options)
    {
        await RequirePythonAsync();
        return await PeerProcess.StartAsync(
            Python, [PeerBuild.GetPeerFile("calculator_server.py"), await PeerBuild.GenerateAsync(Calculator, "py"), $"{port}", $"{wireFormat.Transport}", $"{wireFormat.Protocol}", .. options]);
    }

    /// <summary>Starts the original service in Python, with the library of the original, ThriftPy.</summary>
    public static async Task<PeerProcess> StartPythonMyServiceAsync(WireFormat wireFormat, int port = 0)
        => await PeerProcess.StartAsync(Python, await GetPythonMyServiceAsync(wireFormat, port));

    /// <summary>Starts the original service as a job without a terminal, whose input ends at once.</summary>
    public static async Task<PeerProcess> StartPythonMyServiceWithoutInputAsync(WireFormat wireFormat)
        => await PeerProcess.StartWithoutInputAsync(Python, await GetPythonMyServiceAsync(wireFormat, port: 0));

    /// <summary>
    /// Starts a server of Apache Thrift's cross test. It listens on eighteen ports: of buffered, framed and HTTP, in
    /// each of them binary, compact and JSON, in each of them the service alone, then multiplexed.
    /// </summary>
    /// <param name="peer">Apache Thrift in Python, Node, C++ or Java.</param>
    /// <param name="contract">The path of ThriftTest.thrift.</param>
    public static async Task<PeerProcess> StartThriftTestAsync(Peer peer, string contract)
    {
        switch (peer)
        {
            case Peer.Python:
                await RequirePythonAsync();
                return await PeerProcess.StartAsync(Python, PeerBuild.GetPeerFile("thrift_test_server.py"), await PeerBuild.GenerateAsync(contract, "py"));
            case Peer.Node:
                await RequireNodeAsync();
                return await PeerProcess.StartAsync("node", PeerBuild.GetPeerFile("thrift_test_server.js"), await PeerBuild.GenerateAsync(contract, NodeCode));
            case Peer.Cpp:
                return await PeerProcess.StartAsync(await PeerBuild.CompileCppAsync(contract, "thrift_test_server.cpp"));
            default:
                return await PeerProcess.StartAsync("java", [.. JavaOptions, "-cp", await PeerBuild.CompileJavaAsync(contract, "ThriftTestServer.java"), "ThriftTestServer"]);
        }
    }

    /// <summary>Gets whether native code can be linked on this machine.</summary>
    public static Task<bool> HasLinkerAsync() => ProgramRun.SucceedsAsync("gcc", "--version");

    private static async Task<string[]> GetPythonMyServiceAsync(WireFormat wireFormat, int port)
    {
        Assert.SkipUnless(await PythonHasThriftPy.Value, "ThriftPy is not installed (Debian: apt-get install python3-thriftpy).");
        return [PeerBuild.GetPeerFile("my_service_server.py"), GetContractPath("my_service.thrift"), $"{port}", $"{wireFormat.Transport}"];
    }

    private static async Task<PeerProcess> StartThriftPyCalculatorAsync(WireFormat wireFormat, int port)
    {
        Assert.SkipUnless(await PythonHasThriftPy.Value, "ThriftPy is not installed (Debian: apt-get install python3-thriftpy).");
        return await PeerProcess.StartAsync(Python, PeerBuild.GetPeerFile("thriftpy_calculator_server.py"), GetContractPath("calculator.thrift"), $"{port}", $"{wireFormat.Transport}");
    }

    private static async Task<PeerProcess> StartNodeCalculatorAsync(WireFormat wireFormat, int port)
    {
        await RequireNodeAsync();
        return await PeerProcess.StartAsync(
            "node", PeerBuild.GetPeerFile("calculator_server.js"), await PeerBuild.GenerateAsync(Calculator, NodeCode), $"{port}", $"{wireFormat.Transport}", $"{wireFormat.Protocol}");
    }

    private static async Task<PeerProcess> StartCppCalculatorAsync(WireFormat wireFormat, int port)
        => await PeerProcess.StartAsync(await PeerBuild.CompileCppAsync(Calculator, "calculator_server.cpp"), $"{port}", $"{wireFormat.Transport}", $"{wireFormat.Protocol}");

    private static async Task<PeerProcess> StartJavaCalculatorAsync(WireFormat wireFormat, int port)
        => await PeerProcess.StartAsync(
            "java", [.. JavaOptions, "-cp", await PeerBuild.CompileJavaAsync(Calculator, "CalculatorServer.java"), "CalculatorServer", $"{port}", $"{wireFormat.Transport}", $"{wireFormat.Protocol}"]);

    private static async Task RequirePythonAsync()
        => Assert.SkipUnless(await PythonHasThrift.Value, "Python's Apache Thrift library is not installed (Debian: apt-get install python3-thrift).");

    private static async Task RequireNodeAsync()
    {
        Assert.SkipUnless(await NodeIsInstalled.Value, "Node is not installed (Debian: apt-get install nodejs npm).");
        Assert.SkipUnless(Directory.Exists(PeerBuild.GetPeerFile("node_modules")), "Node's Apache Thrift library is not installed (npm ci --prefix tests/Integration.Tests/Peers).");
    }

    private static string GetProgramPath(string project) => Path.Combine(
        TestRun.RepositoryRoot, "tests", project, Path.GetRelativePath(Path.Combine(TestRun.RepositoryRoot, "tests", "Integration.Tests"), AppContext.BaseDirectory), $"{project}.dll");

    private static string GetContractPath(string file) => Path.Combine(TestRun.RepositoryRoot, "idl", file);
}
