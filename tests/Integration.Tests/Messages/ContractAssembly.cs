using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Thrift.Protocol;
using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Integration.Tests.Messages;

/// <summary>The code that the Thrift compiler generates from a contract, compiled in memory.</summary>
internal static class ContractAssembly
{
    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(static path => MetadataReference.CreateFromFile(path))];

    /// <summary>Loads the structs of a contract; none if Thrift's code does not compile, which happens.</summary>
    public static IReadOnlyList<Type> LoadStructs(RealContract contract)
    {
        var name = contract.Name.Replace(Path.DirectorySeparatorChar, '.');
        var project = CSharpCompilation.Create(
            name,
            contract.Generate().Values.Select(static source => CSharpSyntaxTree.ParseText(source)),
            References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var image = new MemoryStream();
        if (!project.Emit(image).Success)
        {
            return [];
        }

        image.Position = 0;
        return
        [
            .. new AssemblyLoadContext(name).LoadFromStream(image).GetTypes()
                .Where(static type => typeof(TBase).IsAssignableFrom(type) && type.GetConstructor(Type.EmptyTypes) is not null && !type.IsAbstract)
                .OrderBy(static type => type.FullName, StringComparer.Ordinal),
        ];
    }

    /// <summary>Gets the fields of a struct.</summary>
    public static PropertyInfo[] GetFields(Type type)
        => [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(static property => property.CanWrite)];
}
