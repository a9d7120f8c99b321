using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ThriftBreaker.Generator;

namespace ThriftBreaker.GeneratorBenchmarks.Peers;

/// <summary>
/// A source generator, and input for it of the same size as ours: a member of the input is a method, a property or a
/// mapping.
/// </summary>
internal sealed class PeerGenerator
{
    private readonly Func<ISourceGenerator[]> _create;
    private readonly Func<int, int, string> _file;
    private readonly string? _shared;

    private PeerGenerator(string name, Func<ISourceGenerator[]> create, Func<int, int, string> file, string? shared, string member)
        => (Name, _create, _file, _shared, Member) = (name, create, file, shared, member);

    public static IReadOnlyList<PeerGenerator> All { get; } =
    [
        new("ThriftBreaker", static () => [new CircuitBreakerGenerator().AsSourceGenerator()], static (number, members) => Project.Interface(number, members, Project.Marked), shared: null, "Method0"),
        new("Refit", static () => Load("Refit"), RefitInterface, shared: null, "Method0"),
        new("MVVM Toolkit", static () => Load("Mvvm"), ViewModel, shared: null, "_property0"),
        new("Mapperly", static () => Load("Mapperly"), Mapper, MappedTypes, "Method0"),
    ];

    public string Name { get; }

    /// <summary>The name of the first member in the first file, which an edit renames.</summary>
    public string Member { get; }

    public GeneratorDriver CreateDriver() => CSharpGeneratorDriver.Create(_create(), parseOptions: Project.ParseOptions);

    /// <summary>Creates the input, followed by the files that the edits change.</summary>
    public CSharpCompilation CreateInput(Size size)
    {
        var texts = Enumerable.Range(0, size.Services).Select(number => _file(number, size.Methods));
        return Project.Create((_shared is null ? texts : texts.Append(_shared)).Concat(PeerEdit.Files));
    }

    private static ISourceGenerator[] Load(string name)
    {
        var path = typeof(PeerGenerator).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(each => each.Key == name).Value!;
        return
        [
            .. Assembly.LoadFrom(path).GetTypes()
                .Where(static type => !type.IsAbstract && type.GetCustomAttribute<GeneratorAttribute>() is not null)
                .Select(static type => Activator.CreateInstance(type)!)
                .Select(static generator => generator is IIncrementalGenerator incremental ? incremental.AsSourceGenerator() : (ISourceGenerator)generator),
        ];
    }

    private static string RefitInterface(int number, int members) => CreateFile(
        $"using System.Threading;\nusing System.Threading.Tasks;\nusing Refit;\nnamespace Shop.Service{number};\npublic interface IService{number}\n",
        members,
        static member => $"    [Get(\"/{member}\")] Task<int> Method{member}(int number, string text, CancellationToken cancellationToken = default);\n");

    private static string ViewModel(int number, int members) => CreateFile(
        $"using CommunityToolkit.Mvvm.ComponentModel;\nnamespace Shop.Service{number};\npublic partial class ViewModel{number} : ObservableObject\n",
        members,
        static member => $"    [ObservableProperty] private int _property{member};\n");

    private static string Mapper(int number, int members) => CreateFile(
        $"using Riok.Mapperly.Abstractions;\nnamespace Shop.Service{number};\n[Mapper] public partial class Mapper{number}\n",
        members,
        static member => $"    public partial Shop.Target{member} Method{member}(Shop.Source{member} source);\n");

    private static string MappedTypes => string.Concat(
        Enumerable.Range(0, Size.All.Max(static size => size.Methods)).Select(static number => string.Create(
            CultureInfo.InvariantCulture,
            $"namespace Shop {{ public class Source{number} {{ public int Number {{ get; set; }} public string Text {{ get; set; }} = \"\"; }} public class Target{number} {{ public int Number {{ get; set; }} public string Text {{ get; set; }} = \"\"; }} }}\n")));

    private static string CreateFile(string head, int members, Func<int, string> member)
    {
        var text = new StringBuilder(head).Append("{\n");
        for (var number = 0; number < members; number++)
        {
            text.Append(member(number));
        }

        return text.Append("}\n").ToString();
    }
}
