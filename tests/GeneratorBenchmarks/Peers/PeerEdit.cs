using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;

namespace ThriftBreaker.GeneratorBenchmarks.Peers;

/// <summary>An edit between two runs of a generator. A number makes each edit a new one.</summary>
internal sealed record PeerEdit(string Name, Func<CSharpCompilation, PeerGenerator, int, CSharpCompilation> Apply)
{
    private const string Statement = "return number + 1";

    public static IReadOnlyList<PeerEdit> All { get; } =
    [
        new("a statement elsewhere", static (project, _, number) => EditStatement(project, ^3, number)),
        new("a statement in a file with `#if`", static (project, _, number) => EditStatement(project, ^2, number)),
        new("a statement above a `#nullable`", static (project, _, number) => EditStatement(project, ^1, number)),
        new("a new type elsewhere", static (project, _, number) => project.Edit(^3, "internal static class Helper", $"internal class New{number} {{ }} internal static class Helper")),
        new("one member of the input is renamed", static (project, generator, number) => project.Edit(0, generator.Member, $"{generator.Member}To{number}")),
    ];

    /// <summary>Gets the files that the edits change; none of them is input of a generator.</summary>
    public static IReadOnlyList<string> Files { get; } =
    [
        File("Helper", before: "", after: ""),
        File("Conditional", before: "#if NEVER\nnamespace Other { }\n#endif\n", after: ""),
        File("Annotated", before: "", after: "#nullable disable\nnamespace Shop { internal static class Oblivious { } }\n"),
    ];

    private static string File(string name, string before, string after)
        => $"{before}namespace Shop {{ internal static class {name} {{ public static int Count(int number) {{ {Statement}; }} }} }}\n{after}";

    private static CSharpCompilation EditStatement(CSharpCompilation project, Index file, int number)
        => project.Edit(file, Statement, string.Create(CultureInfo.InvariantCulture, $"return number + 1 + {number}"));
}
