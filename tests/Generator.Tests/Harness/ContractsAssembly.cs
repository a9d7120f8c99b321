using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ThriftBreaker.Generator.Tests.Harness;

/// <summary>
/// An assembly that the code under test references: the services of both contracts, the generated client of Calculator,
/// which has the attribute, and a container for them. Compiled once for all tests.
/// </summary>
internal static class ContractsAssembly
{
    /// <summary>The usings for the types of the assembly.</summary>
    public const string Usings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Circuit.Calculators;
        global using Circuit.Example;
        global using Microsoft.Extensions.DependencyInjection;
        global using Thrift;
        global using Thrift.Protocol;
        global using Thrift.Transport;
        global using Thrift.Transport.Client;
        """;

    private const string Attribute = "namespace Circuit.Calculators { [ThriftBreaker.CircuitBreaker] public partial class Calculator; }";

    /// <summary>
    /// The methods of Microsoft.Extensions.DependencyInjection that the tests use, by their full names.
    /// </summary>
    private const string Container =
        """
        namespace Microsoft.Extensions.DependencyInjection
        {
            using System;

            public interface IServiceCollection;

            public static class ServiceCollectionServiceExtensions
            {
                public static IServiceCollection AddSingleton(this IServiceCollection services, Type service, Type implementation) => services;
                public static IServiceCollection AddSingleton<T>(this IServiceCollection services) where T : class => services;
                public static IServiceCollection AddSingleton<TService, T>(this IServiceCollection services) where T : class, TService => services;
                public static IServiceCollection AddSingleton<T>(this IServiceCollection services, T instance) where T : class => services;
                public static IServiceCollection AddSingleton<T>(this IServiceCollection services, Func<IServiceProvider, T> factory) where T : class => services;
                public static IServiceCollection AddTransient<T>(this IServiceCollection services, Func<IServiceProvider, T> factory) where T : class => services;
            }
        }
        """;

    private static readonly Lazy<MetadataReference> Compiled = new(Compile);

    public static MetadataReference Reference => Compiled.Value;

    private static PortableExecutableReference Compile()
    {
        var input = new GeneratorInput([.. Contracts.Calculator, .. Contracts.MyService, Attribute, Container]);
        input.Driver().RunGeneratorsAndUpdateCompilation(input.Compile().WithAssemblyName("Contracts"), out var project, out _);
        using var assembly = new MemoryStream();
        var result = project.Emit(assembly);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return MetadataReference.CreateFromImage(assembly.ToArray());
    }
}
