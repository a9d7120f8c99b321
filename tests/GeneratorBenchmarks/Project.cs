using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ThriftBreaker.GeneratorBenchmarks;

/// <summary>A project with one service interface per file, and one file that does not concern the generator.</summary>
internal static class Project
{
    public const string Marked = "[ThriftBreaker.CircuitBreaker(FailMax = 3)] ";

    private const string Unrelated = "namespace Shop { internal static class Helper { public static int Count(int number) { return number + 1; } } }";

    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.Latest);

    private static IReadOnlyList<MetadataReference> References { get; } =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(static path => Path.GetFileName(path) is var name && (name.StartsWith("System.", StringComparison.Ordinal) ||
                name is "netstandard.dll" or "Microsoft.Extensions.Logging.Abstractions.dll" or "Thrift.dll" or "ThriftBreaker.dll" or "Polly.Core.dll" or
                "Refit.dll" or "CommunityToolkit.Mvvm.dll" or "Riok.Mapperly.Abstractions.dll"))
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>Creates a parsed project without any bound symbols. The last file is the unrelated one.</summary>
    public static CSharpCompilation Create(Size size, string attribute = Marked)
        => Create(Enumerable.Range(0, size.Services).Select(number => Interface(number, size.Methods, attribute)).Append(Unrelated));

    public static CSharpCompilation Create(IEnumerable<string> texts) => CSharpCompilation.Create(
        "Project",
        texts.Select(static (text, number) => CSharpSyntaxTree.ParseText(text, ParseOptions, $"/project/File{number}.cs")),
        References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, concurrentBuild: false, nullableContextOptions: NullableContextOptions.Enable));

    public static CSharpCompilation Edit(this CSharpCompilation project, Index file, string before, string after)
    {
        var tree = project.SyntaxTrees[file];
        var text = tree.GetText();
        var start = text.ToString().IndexOf(before, StringComparison.Ordinal);
        return project.ReplaceSyntaxTree(tree, tree.WithChangedText(text.Replace(start, before.Length, after)));
    }

    public static string Interface(int number, int methods, string attribute)
    {
        var text = new StringBuilder($"using System.Threading;\nusing System.Threading.Tasks;\nnamespace Shop.Service{number}\n{{\n    {attribute}public interface IService{number}\n    {{\n");
        for (var method = 0; method < methods; method++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"        Task<int> {Method(method)}(int number, string text, CancellationToken cancellationToken = default);\n");
        }

        return text.Append("    }\n}\n").ToString();
    }

    public static string Method(int number) => "Method" + number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
