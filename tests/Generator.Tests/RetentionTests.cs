using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>A compilation is a few hundred megabytes in a large solution. After an edit, nothing of ours may keep the old one.</summary>
public sealed class RetentionTests
{
    private const int EnoughCollections = 10;

    /// <summary>After an edit for which what was read of the service is kept, and after one for which it is read again.</summary>
    [Theory]
    [InlineData("internal class Any { int One() => 2; }")]
    [InlineData("internal class Other { }")]
    public void TheDriverLetsGoOfThePreviousCompilation(string edited)
    {
        var (driver, previous) = RunTwice(Project(), edited);

        AreCollected(previous);
        GC.KeepAlive(driver);
    }

    [Fact]
    public void NothingKeepsACompilationWhenItsRunIsOver() => AreCollected(Run(Project()));

    private static GeneratorInput Project() => new(
        """
        [assembly: ThriftBreaker.CircuitBreaker(typeof(System.Collections.Generic.IComparer<IOrders>))]
        [ThriftBreaker.CircuitBreaker] public interface IOrders { void Submit(); }
        """,
        "internal class Any { int One() => 1; }");

    private static void AreCollected(WeakReference[] references)
    {
        for (var collection = 0; collection < EnoughCollections && references.Any(static reference => reference.IsAlive); collection++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.All(references, static reference => Assert.False(reference.IsAlive));
    }

    /// <summary>In a method of its own, as below; here the driver goes as well, and with it all but what is static.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] Run(GeneratorInput input)
    {
        var project = input.Compile();
        var driver = input.Driver().RunGenerators(project, TestContext.Current.CancellationToken);
        Assert.Equal(2, driver.GetRunResult().GeneratedTrees.Length);
        return [new(project), new(project.GetTypeByMetadataName("IOrders")!), new(driver)];
    }

    /// <summary>In a method of its own, so that no variable of the test's keeps the first compilation alive.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (GeneratorDriver Driver, WeakReference[] Previous) RunTwice(GeneratorInput input, string edited)
    {
        // Of the service's own file nothing changes: its tree, and what is remembered with it, goes over to the second compilation.
        var first = input.Compile();
        var driver = input.Driver().RunGenerators(first, TestContext.Current.CancellationToken);
        var service = first.GetTypeByMetadataName("IOrders")!;
        WeakReference[] previous = [new(first), new(service), new(service.GetMembers("Submit").Single())];
        var second = first.ReplaceSyntaxTree(first.SyntaxTrees[1], input.File(edited, 1));
        return (driver.RunGenerators(second, TestContext.Current.CancellationToken), previous);
    }
}
