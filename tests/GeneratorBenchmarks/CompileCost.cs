using System.Text;
using BenchmarkDotNet.Attributes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ThriftBreaker.Generator;

namespace ThriftBreaker.GeneratorBenchmarks;

/// <summary>The time of the compiler for the clients of a project's services, from text to assembly.</summary>
[WarmupCount(2), IterationCount(5)]
public class CompileCost
{
    private string[] _texts = null!;

    public static IEnumerable<Size> Sizes => Size.All;

    [ParamsSource(nameof(Sizes))]
    public Size Size { get; set; } = null!;

    /// <summary>The interfaces alone, which every other row includes.</summary>
    [Benchmark(Baseline = true)]
    public int Interfaces() => Compile();

    /// <summary>With a forwarding decorator for each interface.</summary>
    [Benchmark]
    public int ForwardingDecorator() => Compile();

    /// <summary>With a decorator for each interface that calls through a Polly pipeline, as users write it.</summary>
    [Benchmark]
    public int PollyDecorator() => Compile();

    /// <summary>With the generated clients.</summary>
    [Benchmark]
    public int Generated() => Compile();

    /// <summary>With clients as they were generated before the call invoker.</summary>
    [Benchmark]
    public int WithExplicitBodies() => Compile();

    [IterationSetup(Target = nameof(Interfaces))]
    public void OnlyInterfaces() => _texts = Texts(static _ => "");

    [IterationSetup(Target = nameof(ForwardingDecorator))]
    public void WithForwarding() => _texts = Texts(service => Decorator(service, "", "inner", method => $"_inner.{method}(number, text, cancellationToken)"));

    [IterationSetup(Target = nameof(PollyDecorator))]
    public void WithPolly() => _texts = Texts(service => Decorator(
        service,
        "    private readonly global::Polly.ResiliencePipeline _pipeline = global::Polly.ResiliencePipeline.Empty;\n",
        "inner",
        static method => $"_pipeline.ExecuteAsync(async token => await _inner.{method}(number, text, token), cancellationToken).AsTask()"));

    [IterationSetup(Target = nameof(Generated))]
    public void WithGenerated()
    {
        var project = Project.Create(Size);
        var generated = CSharpGeneratorDriver.Create(new CircuitBreakerGenerator()).RunGenerators(project).GetRunResult().GeneratedTrees;
        _texts = [.. project.SyntaxTrees.Concat(generated).Select(static tree => tree.ToString())];
    }

    [IterationSetup(Target = nameof(WithExplicitBodies))]
    public void WithFrozen()
        => _texts = [.. Texts(static _ => ""), ExplicitBodies.Runtime, .. Enumerable.Range(0, Size.Services).Select(service => ExplicitBodies.Client(service, Size.Methods))];

    private int Compile()
    {
        using var assembly = new MemoryStream();
        var result = Project.Create(_texts).Emit(assembly);
        return result.Success ? (int)assembly.Length : throw new InvalidOperationException(result.Diagnostics.First(static each => each.Severity == DiagnosticSeverity.Error).ToString());
    }

    private string[] Texts(Func<int, string> client)
        => [.. Enumerable.Range(0, Size.Services).Select(service => Project.Interface(service, Size.Methods, attribute: "") + client(service))];

    private string Decorator(int service, string fields, string parameter, Func<string, string> body)
    {
        var contract = $"IService{service}";
        var text = new StringBuilder($"namespace Shop.Service{service}\n{{\n    public sealed class Decorator({contract} {parameter}) : {contract}\n    {{\n{fields}    private readonly {contract} _inner = {parameter};\n");
        for (var method = 0; method < Size.Methods; method++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"        public Task<int> {Project.Method(method)}(int number, string text, CancellationToken cancellationToken = default) => {body(Project.Method(method))};\n");
        }

        return text.Append("    }\n}\n").ToString();
    }
}
