using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using ThriftBreaker.Package.Tests.Harness;

namespace ThriftBreaker.Package.Tests;

/// <summary>
/// A library for two frameworks with clients for a service of another assembly: by a derived interface, and by an
/// assembly attribute.
/// </summary>
public sealed class LibraryTests(PackedPackage package)
{
    private static readonly (string Namespace, string Name)[] Clients =
        [("Library", "GreeterCircuitBreakerClient"), ("Circuit.Example", "MyServiceCircuitBreakerClient")];

    [Fact]
    public async Task GuardedClientsArePublicAndDocumented()
    {
        var library = new Consumer(package, "Library", new Settings("net8.0;net10.0", "12.0", "enable"));
        await library.BuildAsync();

        foreach (var framework in new[] { "net8.0", "net10.0" })
        {
            Assert.All(Clients, client => Assert.Contains(client.Name, PublicTypes(library.Built(framework, "Library.dll"))));
            Assert.All(Clients, client => Assert.Contains($"T:{client.Namespace}.{client.Name}", Documented(library.Built(framework, "Library.xml"))));
        }
    }

    private static string[] PublicTypes(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var metadata = file.GetMetadataReader();
        return
        [
            .. metadata.TypeDefinitions
                .Select(metadata.GetTypeDefinition)
                .Where(static type => (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public)
                .Select(type => metadata.GetString(type.Name)),
        ];
    }

    private static IEnumerable<string> Documented(string documentation)
        => XDocument.Load(documentation).Descendants("member").Select(static member => (string)member.Attribute("name")!);
}
