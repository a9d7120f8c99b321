using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using ThriftBreaker.Package.Tests.Harness;

namespace ThriftBreaker.Package.Tests;

/// <summary>With the symbols, a debugger can step into the package on any machine, without a network.</summary>
public sealed class SymbolsTests(PackedPackage package)
{
    /// <summary>The kind of custom debug information that holds a document's source.</summary>
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    public static TheoryData<string, string> Libraries { get; } =
    [
        .. PackedPackage.Companions.Append("ThriftBreaker").SelectMany(static name => new[] { (name, "net8.0"), (name, "net10.0") }),
    ];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void SymbolsMatchTheAssembly(string name, string framework)
    {
        using var assembly = Assembly(name, $"lib/{framework}/{name}.dll");
        using var symbols = Symbols(name, framework);
        var asked = assembly.ReadCodeViewDebugDirectoryData(assembly.ReadDebugDirectory().Single(static entry => entry.Type == DebugDirectoryEntryType.CodeView));

        Assert.Equal(asked.Guid, new BlobContentId(symbols.GetMetadataReader().DebugMetadataHeader!.Id).Guid);
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void SymbolsContainEverySource(string name, string framework)
    {
        using var symbols = Symbols(name, framework);
        AssertContainsEverySource(symbols.GetMetadataReader());
    }

    [Theory]
    [InlineData("Analyzers")]
    [InlineData("CodeFixes")]
    [InlineData("Generator")]
    public void GeneratorContainsItsSymbolsAndEverySource(string name)
    {
        using var assembly = Assembly("ThriftBreaker", $"analyzers/dotnet/roslyn4.8/cs/ThriftBreaker.{name}.dll");
        var embedded = assembly.ReadDebugDirectory().Single(static entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        using var symbols = assembly.ReadEmbeddedPortablePdbDebugDirectoryData(embedded);
        AssertContainsEverySource(symbols.GetMetadataReader());
    }

    /// <summary>Document names are paths in the repository, independent of the checkout: <c>/_/src/…</c>.</summary>
    private static void AssertContainsEverySource(MetadataReader symbols)
    {
        Assert.NotEmpty(symbols.Documents);
        foreach (var document in symbols.Documents)
        {
            var path = symbols.GetString(symbols.GetDocument(document).Name);
            var facts = symbols.GetCustomDebugInformation(document).Select(fact => symbols.GetGuid(symbols.GetCustomDebugInformation(fact).Kind));
            Assert.StartsWith("/_/", path, StringComparison.Ordinal);
            Assert.True(facts.Contains(EmbeddedSource), $"The symbols do not contain {path}.");
        }
    }

    private PEReader Assembly(string name, string path)
    {
        using var archive = package.Open(name);
        return new PEReader(new MemoryStream(archive.Bytes(path)));
    }

    private MetadataReaderProvider Symbols(string name, string framework)
    {
        using var archive = package.OpenSymbols(name);
        return MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(archive.Bytes($"lib/{framework}/{name}.pdb")));
    }
}
