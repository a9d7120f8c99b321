using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using ThriftBreaker.Package.Tests.Harness;

namespace ThriftBreaker.Package.Tests;

/// <summary>A debugger that has the symbols can step into the package, on any machine and without a network.</summary>
public sealed class SymbolsTests(PackedPackage package)
{
    private const string Generator = "analyzers/dotnet/roslyn4.8/cs/ThriftBreaker.Generator.dll";

    /// <summary>The kind of custom debug information that holds a document's source.</summary>
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    [Theory]
    [InlineData("lib/net8.0/ThriftBreaker")]
    [InlineData("lib/net10.0/ThriftBreaker")]
    public void TheSymbolsAreThoseOfTheAssembly(string path)
    {
        using var assembly = Assembly(path + ".dll");
        using var symbols = Symbols(path + ".pdb");
        var asked = assembly.ReadCodeViewDebugDirectoryData(assembly.ReadDebugDirectory().Single(static entry => entry.Type == DebugDirectoryEntryType.CodeView));

        Assert.Equal(asked.Guid, new BlobContentId(symbols.GetMetadataReader().DebugMetadataHeader!.Id).Guid);
    }

    [Theory]
    [InlineData("lib/net8.0/ThriftBreaker")]
    [InlineData("lib/net10.0/ThriftBreaker")]
    public void TheSymbolsHoldEverySource(string path)
    {
        using var symbols = Symbols(path + ".pdb");
        HoldsEverySource(symbols.GetMetadataReader());
    }

    [Fact]
    public void TheGeneratorHoldsItsSymbolsAndEverySource()
    {
        using var assembly = Assembly(Generator);
        var embedded = assembly.ReadDebugDirectory().Single(static entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        using var symbols = assembly.ReadEmbeddedPortablePdbDebugDirectoryData(embedded);
        HoldsEverySource(symbols.GetMetadataReader());
    }

    /// <summary>Documents are named by their place in the repository, wherever it lay: <c>/_/src/…</c>.</summary>
    private static void HoldsEverySource(MetadataReader symbols)
    {
        Assert.NotEmpty(symbols.Documents);
        foreach (var document in symbols.Documents)
        {
            var path = symbols.GetString(symbols.GetDocument(document).Name);
            var facts = symbols.GetCustomDebugInformation(document).Select(fact => symbols.GetGuid(symbols.GetCustomDebugInformation(fact).Kind));
            Assert.StartsWith("/_/", path, StringComparison.Ordinal);
            Assert.True(facts.Contains(EmbeddedSource), $"The symbols do not hold {path}.");
        }
    }

    private PEReader Assembly(string path)
    {
        using var archive = package.Open();
        return new PEReader(new MemoryStream(archive.Bytes(path)));
    }

    private MetadataReaderProvider Symbols(string path)
    {
        using var archive = package.OpenSymbols();
        return MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(archive.Bytes(path)));
    }
}
