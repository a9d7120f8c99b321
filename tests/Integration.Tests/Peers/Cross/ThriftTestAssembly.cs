using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ThriftBreaker.Generator;
using ThriftBreaker.Generator.Tests.Harness;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Peers.Cross;

/// <summary>
/// ThriftTestCalls.cs, compiled in memory with the C# of the contract and with the clients that our generator adds.
/// </summary>
internal static class ThriftTestAssembly
{
    private const string Name = "ThriftTestCalls";

    private static readonly Lazy<IThriftTestCalls> Loaded = new(Load);

    /// <summary>Gets the version of the contract that the Thrift compiler 0.17 accepts.</summary>
    public static RealContract Contract { get; } = new(Path.Combine("apache-thrift", "test", "v0.16", "ThriftTest.thrift"));

    public static IThriftTestCalls Calls => Loaded.Value;

    private static IThriftTestCalls Load()
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        var sources = Contract.Generate().Values.Append(File.ReadAllText(PeerBuild.GetPeerFile(Path.Combine("Cross", $"{Name}.cs"))));
        var project = CSharpCompilation.Create(
            Name,
            sources.Select(source => CSharpSyntaxTree.ParseText(source, options)),
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(static path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver.Create([new CircuitBreakerGenerator().AsSourceGenerator()], parseOptions: options)
            .RunGeneratorsAndUpdateCompilation(project, out var complete, out _);

        using var image = new MemoryStream();
        var emitted = complete.Emit(image);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
        image.Position = 0;
        return (IThriftTestCalls)Activator.CreateInstance(new AssemblyLoadContext(Name).LoadFromStream(image).GetType(Name, throwOnError: true)!)!;
    }
}
