using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Tests.Harness;

/// <summary>A project that is compiled with its generated client and loaded, so that tests can call it.</summary>
internal sealed class LoadedCode : IDisposable
{
    private readonly AssemblyLoadContext _context = new(name: null, isCollectible: true);
    private readonly Assembly _assembly;

    private LoadedCode(Stream image) => _assembly = _context.LoadFromStream(image);

    public static LoadedCode Create(params string[] texts)
    {
        var input = new GeneratorInput(texts);
        var run = GeneratorRun.Create(input);
        using var image = new MemoryStream();
        var emitted = input.Compile()
            .AddSyntaxTrees(run.Sources.Select(static source => source.SyntaxTree))
            .Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
        image.Position = 0;
        return new LoadedCode(image);
    }

    /// <summary>Gets a static method of the project by the names of its class and method.</summary>
    public T Method<T>(string type, string method)
        where T : Delegate
        => _assembly.GetType(type, throwOnError: true)!.GetMethod(method)!.CreateDelegate<T>();

    public void Dispose() => _context.Unload();
}
