using System.Buffers.Binary;
using System.Text;
using System.Xml.Linq;
using ThriftBreaker.Package.Tests.Harness;

namespace ThriftBreaker.Package.Tests;

/// <summary>The files of the packages: these and no others.</summary>
public sealed class ContentTests(PackedPackage package)
{
    public static TheoryData<string> Companions { get; } = [.. PackedPackage.Companions];

    [Fact]
    public void PackageContainsTheseFilesOnly()
    {
        using var archive = package.Open();
        Assert.Equal(
            [
                "LICENSE",
                "README.md",
                "ThriftBreaker.nuspec",
                "analyzers/dotnet/roslyn4.8/cs/ThriftBreaker.Analyzers.dll",
                "analyzers/dotnet/roslyn4.8/cs/ThriftBreaker.CodeFixes.dll",
                "analyzers/dotnet/roslyn4.8/cs/ThriftBreaker.Generator.dll",
                "buildTransitive/net8.0/ThriftBreaker.targets",
                "icon.png",
                "lib/net10.0/ThriftBreaker.dll",
                "lib/net10.0/ThriftBreaker.xml",
                "lib/net8.0/ThriftBreaker.dll",
                "lib/net8.0/ThriftBreaker.xml",
            ],
            archive.Files());
    }

    [Fact]
    public void SymbolPackageContainsTheseFilesOnly()
    {
        using var archive = package.OpenSymbols();
        Assert.Equal(["ThriftBreaker.nuspec", "lib/net10.0/ThriftBreaker.pdb", "lib/net8.0/ThriftBreaker.pdb"], archive.Files());
    }

    [Fact]
    public void PackCreatesNoOtherPackage()
        => Assert.Equal(
            PackedPackage.Companions.Append("ThriftBreaker").SelectMany(static name => new[] { $"{name}.{PackedPackage.Version}.nupkg", $"{name}.{PackedPackage.Version}.snupkg" }).Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(package.Feed).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Companions))]
    public void CompanionPackageContainsALibraryOnly(string name)
    {
        using var archive = package.Open(name);
        using var symbols = package.OpenSymbols(name);

        Assert.Equal(
            [
                "LICENSE",
                "README.md",
                $"{name}.nuspec",
                "icon.png",
                $"lib/net10.0/{name}.dll",
                $"lib/net10.0/{name}.xml",
                $"lib/net8.0/{name}.dll",
                $"lib/net8.0/{name}.xml",
            ],
            archive.Files());
        Assert.Equal([$"{name}.nuspec", $"lib/net10.0/{name}.pdb", $"lib/net8.0/{name}.pdb"], symbols.Files());
    }

    [Theory]
    [InlineData("ThriftBreaker")]
    [MemberData(nameof(Companions))]
    public void NoFileContainsThePathOfTheBuild(string name)
    {
        using var archive = package.Open(name);
        foreach (var path in archive.Files())
        {
            foreach (var encoding in new[] { Encoding.UTF8, Encoding.Unicode })
            {
                Assert.False(
                    archive.Bytes(path).AsSpan().IndexOf(encoding.GetBytes(Repository.Path())) >= 0,
                    $"{path} contains the path of this checkout.");
            }
        }
    }

    [Theory]
    [InlineData("net8.0")]
    [InlineData("net10.0")]
    public void DocumentationDescribesTheAttribute(string framework)
    {
        using var archive = package.Open();
        var attribute = XDocument.Parse(archive.Text($"lib/{framework}/ThriftBreaker.xml"))
            .Descendants("member")
            .Single(static member => (string)member.Attribute("name")! == "T:ThriftBreaker.CircuitBreakerAttribute");

        Assert.Contains("Requests a generated ", (string)attribute.Element("summary")!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ThriftBreaker")]
    [MemberData(nameof(Companions))]
    public void IconIsASquareOf128Pixels(string name)
    {
        using var archive = package.Open(name);
        // The first chunk of a PNG: width and height follow the signature, a length and a name.
        var dimensions = archive.Bytes("icon.png").AsSpan(16);
        Assert.Equal((128u, 128u), (BinaryPrimitives.ReadUInt32BigEndian(dimensions), BinaryPrimitives.ReadUInt32BigEndian(dimensions[4..])));
    }

    [Theory]
    [InlineData("ThriftBreaker")]
    [MemberData(nameof(Companions))]
    public void LicenceIsThatOfTheRepository(string name)
    {
        using var archive = package.Open(name);
        Assert.Equal(File.ReadAllText(Repository.Path("LICENSE")), archive.Text("LICENSE"));
    }
}
