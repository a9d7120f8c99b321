using System.Reflection;
using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Tests.Harness;

/// <summary>
/// The references of every test: the framework, Thrift and the runtime. A fixed list, because the assemblies that
/// happen to be loaded depend on the order of the tests.
/// </summary>
internal static class References
{
    private static readonly string[] Libraries = ["ThriftBreaker", "Thrift", "Microsoft.Extensions.Logging.Abstractions"];

    public static IReadOnlyList<MetadataReference> All { get; } =
        [.. Framework().Concat(Libraries.Select(Trusted)).Select(static path => MetadataReference.CreateFromFile(path))];

    /// <summary>The reference assemblies of the framework, from the SDK that built this assembly.</summary>
    private static string[] Framework()
        => Directory.GetFiles(
            typeof(References).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static data => data.Key == "ReferenceAssemblies").Value!, "*.dll");

    private static string Trusted(string library)
        => ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Single(path => Path.GetFileNameWithoutExtension(path) == library);
}
