using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>A compilation is a few hundred megabytes in a large solution. After an edit, nothing of ours may keep the old one.</summary>
public sealed class RetentionTests
{
    private const int EnoughCollections = 10;

    [Fact]
    public void TheDriverLetsGoOfThePreviousCompilation()
    {
        var input = new GeneratorInput("[ThriftBreaker.CircuitBreaker] public interface IOrders { void Submit(); }");
        var (driver, previous) = RunTwice(input);

        for (var collection = 0; collection < EnoughCollections && previous.Any(static reference => reference.IsAlive); collection++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.All(previous, static reference => Assert.False(reference.IsAlive));
        GC.KeepAlive(driver);
    }

    /// <summary>In a method of its own, so that no variable of the test's keeps the first compilation alive.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (GeneratorDriver Driver, WeakReference[] Previous) RunTwice(GeneratorInput input)
    {
        var first = input.Compile();
        var driver = input.Driver().RunGenerators(first, TestContext.Current.CancellationToken);
        var service = first.GetTypeByMetadataName("IOrders")!;
        WeakReference[] previous = [new(first), new(service), new(service.GetMembers("Submit").Single())];
        return (driver.RunGenerators(input.Compile(), TestContext.Current.CancellationToken), previous);
    }
}
