using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ThriftBreaker.Generator.Tests.Harness;

/// <summary>A project to run the generator on.</summary>
/// <param name="Texts">Its files.</param>
internal sealed record GeneratorInput(params string[] Texts)
{
    /// <summary>An editor keeps the options from one version of a file to the next.</summary>
    private static readonly ConcurrentDictionary<LanguageVersion, CSharpParseOptions> OptionsByLanguage = new();

    /// <summary>The files of another assembly, which is compiled before and referred to.</summary>
    public string[] Elsewhere { get; init; } = [];

    /// <summary>The extern aliases of that assembly; empty for the global alias.</summary>
    public string[] Aliases { get; init; } = [];

    /// <summary>An additional reference.</summary>
    public MetadataReference? AdditionalReference { get; init; }

    /// <summary>Whether the compiler reads the files last to first.</summary>
    public bool IsReversed { get; init; }

    /// <summary>The user's language version; the newest that this compiler knows.</summary>
    public LanguageVersion Language { get; init; } = LanguageVersion.Latest;

    /// <summary>The expected compiler diagnostics in the user's code, by id. Any other fails the run.</summary>
    public string[] CompilerDiagnostics { get; init; } = [];

    /// <summary>Whether the user's code is so broken that the compiler's diagnostics do not matter.</summary>
    public bool IsBroken { get; init; }

    /// <summary>Documentation is checked where we write it. The Thrift compiler's own code has hardly any.</summary>
    private CSharpParseOptions UserOptions => OptionsByLanguage.GetOrAdd(Language, static language => new(language, DocumentationMode.Parse));

    /// <summary>How generated files are parsed.</summary>
    public CSharpParseOptions GeneratedOptions => new(Language, DocumentationMode.Diagnose);

    /// <summary>The project as the compiler sees it before the generator runs.</summary>
    public CSharpCompilation Compile()
    {
        MetadataReference?[] more = [Elsewhere.Length == 0 ? null : Compiled(), AdditionalReference];
        return Compile("Project", Texts, [.. References.All, .. more.OfType<MetadataReference>()]);
    }

    /// <summary>A file of the project, with a path, as in real projects.</summary>
    public SyntaxTree File(string text, int number) => CSharpSyntaxTree.ParseText(text, UserOptions, $"/project/File{number}.cs");

    /// <summary>A driver that tracks its steps.</summary>
    public GeneratorDriver Driver() => CSharpGeneratorDriver.Create(
        [new CircuitBreakerGenerator().AsSourceGenerator()],
        parseOptions: GeneratedOptions,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    private CSharpCompilation Compile(string assembly, string[] texts, IEnumerable<MetadataReference> references) => CSharpCompilation.Create(
        assembly,
        IsReversed ? texts.Select(File).Reverse() : texts.Select(File),
        references,
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            warningLevel: 9999,
            allowUnsafe: true,
            nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>The other assembly, as the project finds it: compiled, and without its sources.</summary>
    private PortableExecutableReference Compiled()
    {
        using var image = new MemoryStream();
        var result = Compile("Elsewhere", Elsewhere, References.All).Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return MetadataReference.CreateFromImage(image.ToArray(), new MetadataReferenceProperties(aliases: [.. Aliases]));
    }
}
