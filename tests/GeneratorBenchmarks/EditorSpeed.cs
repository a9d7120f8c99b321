using BenchmarkDotNet.Attributes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ThriftBreaker.Generator;

namespace ThriftBreaker.GeneratorBenchmarks;

/// <summary>The time of the generator in a build, and after an edit.</summary>
[MemoryDiagnoser]
public class EditorSpeed
{
    private CSharpCompilation _project = null!;
    private GeneratorDriver _driver = null!;

    public static IEnumerable<Size> Sizes => Size.All;

    [ParamsSource(nameof(Sizes))]
    public Size Size { get; set; } = null!;

    [IterationSetup(Target = nameof(Cold))]
    public void New()
    {
        _project = Project.Create(Size);
        _driver = CSharpGeneratorDriver.Create([new CircuitBreakerGenerator().AsSourceGenerator()], parseOptions: Project.ParseOptions);
    }

    [IterationSetup(Target = nameof(UnrelatedEditOfStatement))]
    public void EditStatement() => RunThenEdit(static project => project.Edit(^1, "number + 1", "number + 2"));

    [IterationSetup(Target = nameof(UnrelatedEditAmongDirectives))]
    public void EditStatementAmongDirectives()
    {
        New();
        _project = _project.Edit(^1, "namespace Shop", "#define X\n#if X\n#nullable disable\n#endif\nnamespace Shop").Edit(^1, "return number + 1; }", "return number + 1; }\n#nullable enable\n");
        _driver = _driver.RunGenerators(_project);
        _project = _project.Edit(^1, "number + 1", "number + 2");
    }

    [IterationSetup(Target = nameof(UnrelatedEditOfMember))]
    public void EditMember() => RunThenEdit(static project => project.Edit(^1, "public static int Count", "public static int More() => 1; public static int Count"));

    [IterationSetup(Target = nameof(UnrelatedEditOfType))]
    public void AddType() => RunThenEdit(static project => project.Edit(^1, "internal static class Helper", "internal class New { } internal static class Helper"));

    [IterationSetup(Target = nameof(EditOneInterface))]
    public void EditInterface() => RunThenEdit(static project => project.Edit(0, "Method0", "Other"));

    /// <summary>A build, or the first run on a project: no symbol is bound yet.</summary>
    [Benchmark]
    public GeneratorDriver Cold() => _driver.RunGenerators(_project);

    /// <summary>A statement in another file changes.</summary>
    [Benchmark]
    public GeneratorDriver UnrelatedEditOfStatement() => _driver.RunGenerators(_project);

    /// <summary>A statement is changed in a file with <c>#if</c>, above a <c>#nullable</c>.</summary>
    [Benchmark]
    public GeneratorDriver UnrelatedEditAmongDirectives() => _driver.RunGenerators(_project);

    /// <summary>A class in another file gets a method.</summary>
    [Benchmark]
    public GeneratorDriver UnrelatedEditOfMember() => _driver.RunGenerators(_project);

    /// <summary>Another file gets a type, whose name could resolve in every contract.</summary>
    [Benchmark]
    public GeneratorDriver UnrelatedEditOfType() => _driver.RunGenerators(_project);

    /// <summary>A method of one interface gets another name.</summary>
    [Benchmark]
    public GeneratorDriver EditOneInterface() => _driver.RunGenerators(_project);

    private void RunThenEdit(Func<CSharpCompilation, CSharpCompilation> edit)
    {
        New();
        _driver = _driver.RunGenerators(_project);
        _project = edit(_project);
    }
}
