using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Tests.Harness;

/// <summary>
/// What every test compiles against: the framework, Thrift and the runtime. A fixed list: the assemblies that happen to be
/// loaded depend on the order of the tests.
/// </summary>
internal static class References
{
    private static readonly string[] Libraries = ["ThriftBreaker", "Thrift", "Microsoft.Extensions.Logging.Abstractions"];

    public static IReadOnlyList<MetadataReference> All { get; } =
        [.. Trusted().Where(IsOfTheFramework).Concat(Libraries.Select(Trusted)).Select(static path => MetadataReference.CreateFromFile(path))];

    private static string[] Trusted()
        => ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);

    private static string Trusted(string library)
        => Trusted().Single(path => Path.GetFileNameWithoutExtension(path) == library);

    private static bool IsOfTheFramework(string path)
        => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location);
}
