using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>
/// Generates the code of contracts in other languages, and compiles the servers in C++ and Java. A compiled server is
/// kept beside the tests for as long as its contract, its sources and its compiler are the same.
/// </summary>
internal static class PeerBuild
{
    /// <summary>Compilers take seconds, and minutes on a loaded machine.</summary>
    private static readonly TimeSpan CompileTimeout = TimeSpan.FromMinutes(10);

    /// <summary>Thrift's library for Java and what it requires, where Debian installs them.</summary>
    private static readonly string[] JavaLibraries = ["/usr/share/java/thrift.jar", "/usr/share/java/slf4j-api.jar"];

    private static readonly Lazy<Task<bool>> HasThrift = new(() => ProgramRun.SucceedsAsync("thrift", "--version"));

    private static readonly Lazy<Task<bool>> HasCpp = new(
        () => ProgramRun.SucceedsAsync("g++", "-E", "-x", "c++", "-include", "thrift/transport/TTransportException.h", "/dev/null"));

    private static readonly Lazy<Task<bool>> HasJava = new(
        async () => JavaLibraries.All(File.Exists) && await ProgramRun.SucceedsAsync("java", "-version") && await ProgramRun.SucceedsAsync("javac", "-version"));

    private static readonly ConcurrentDictionary<(string Contract, string Language), Lazy<Task<string>>> Generated = new();
    private static readonly ConcurrentDictionary<(string Compiler, string Server), Lazy<Task<string>>> Compiled = new();

    /// <summary>Generates the code of a contract; returns its folder.</summary>
    /// <param name="contract">The path of the contract.</param>
    /// <param name="language">The language, and the compiler's options for it.</param>
    public static async Task<string> GenerateAsync(string contract, string language)
    {
        Assert.SkipUnless(await HasThrift.Value, "The Thrift compiler is not installed (Debian: apt-get install thrift-compiler).");
        return await Generated.GetOrAdd((contract, language), static key => new(async () =>
        {
            var folder = Directory.CreateDirectory(GetFolder($"{Path.GetFileNameWithoutExtension(key.Contract)}-{key.Language.Split(':')[0]}"));
            folder.Delete(recursive: true); // It can have files of an older contract.
            folder.Create();
            await RunAsync("thrift", ["-nowarn", "--gen", key.Language, "-out", folder.FullName, key.Contract]);
            return folder.FullName;
        })).Value;
    }

    /// <summary>Compiles a server in C++; returns the path of its program.</summary>
    /// <param name="contract">The path of its contract.</param>
    /// <param name="server">The name of its source file.</param>
    public static async Task<string> CompileCppAsync(string contract, string server)
    {
        Assert.SkipUnless(await HasCpp.Value, "g++ or Thrift's C++ library is not installed (Debian: apt-get install g++ libthrift-dev libboost-dev).");
        var generated = await GenerateAsync(contract, "cpp");
        var code = Directory.GetFiles(generated, "*.cpp").Where(static file => !file.EndsWith(".skeleton.cpp", StringComparison.Ordinal));
        var folder = await CompileOnceAsync("g++", [server, "peer_server.hpp"], code, (sources, folder) =>
            ["-std=c++17", "-O0", "-w", "-I", GetPeerFile(""), "-I", generated, .. sources.Where(static file => file.EndsWith(".cpp", StringComparison.Ordinal)), "-lthrift", "-pthread", "-o", Path.Combine(folder, "server")]);
        return Path.Combine(folder, "server");
    }

    /// <summary>Compiles a server in Java; returns the class path that it requires.</summary>
    /// <param name="contract">The path of its contract.</param>
    /// <param name="server">The name of its source file.</param>
    public static async Task<string> CompileJavaAsync(string contract, string server)
    {
        Assert.SkipUnless(await HasJava.Value, "Java or Thrift's Java library is not installed (Debian: apt-get install default-jdk-headless libthrift-java).");
        var code = Directory.GetFiles(await GenerateAsync(contract, "java"), "*.java", SearchOption.AllDirectories);
        var libraries = string.Join(Path.PathSeparator, JavaLibraries);
        var folder = await CompileOnceAsync("javac", [server, "PeerServer.java"], code, (sources, folder) => ["-nowarn", "-cp", libraries, "-d", folder, .. sources]);
        return $"{folder}{Path.PathSeparator}{libraries}";
    }

    /// <summary>Gets the path of a file in Peers.</summary>
    public static string GetPeerFile(string file) => Path.Combine(TestRun.RepositoryRoot, "tests", "Integration.Tests", "Peers", file);

    /// <summary>Returns the folder of the output of a compiler, which it runs unless that folder exists.</summary>
    /// <param name="compiler">The compiler.</param>
    /// <param name="server">The names of the files of the server.</param>
    /// <param name="code">The paths of the generated files.</param>
    /// <param name="arguments">Returns the compiler's arguments for the paths of all files and an output folder.</param>
    private static Task<string> CompileOnceAsync(string compiler, string[] server, IEnumerable<string> code, Func<string[], string, string[]> arguments)
        => Compiled.GetOrAdd((compiler, server[0]), _ => new(async () =>
        {
            string[] sources = [.. server.Select(GetPeerFile), .. code.Order(StringComparer.Ordinal)];
            var folder = GetFolder($"{Path.GetFileNameWithoutExtension(server[0])}-{await GetHashAsync(compiler, sources)}");
            if (!Directory.Exists(folder))
            {
                // The name appears only when all is compiled.
                var unfinished = Directory.CreateDirectory($"{folder}-{Environment.ProcessId}").FullName;
                await RunAsync(compiler, arguments(sources, unfinished));
                Directory.Move(unfinished, folder);
            }

            return folder;
        })).Value;

    private static async Task<string> GetHashAsync(string compiler, IEnumerable<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes((await ProgramRun.StartAsync(compiler, ["--version"], Deadline.Short)).Output));
        foreach (var file in files)
        {
            hash.AppendData(await File.ReadAllBytesAsync(file));
        }

        return Convert.ToHexString(hash.GetHashAndReset())[..16];
    }

    private static string GetFolder(string name) => Path.Combine(AppContext.BaseDirectory, "peers", name);

    private static async Task RunAsync(string program, string[] arguments)
    {
        var run = await ProgramRun.StartAsync(program, arguments, CompileTimeout);
        Assert.True(run.Succeeded, $"{program} {string.Join(' ', arguments)}\n{run.Output}");
    }
}
