using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// A compilation takes a few hundred megabytes in a large solution. After an edit, the generator must not keep the old
/// one alive.
/// </summary>
public sealed class RetentionTests
{
    private const int EnoughCollections = 10;

    /// <summary>Covers an edit that leaves the cached model valid, and one that does not.</summary>
    [Theory]
    [InlineData("internal class Any { int One() => 2; }")]
    [InlineData("internal class Other { }")]
    public void PreviousCompilationIsCollected(string edited)
    {
        var (driver, previous) = RunTwice(Project(), edited);

        AreCollected(previous);
        GC.KeepAlive(driver);
    }

    [Fact]
    public void CompilationAfterItsRunIsCollected() => AreCollected(Run(Project()));

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

    /// <summary>
    /// A separate method, as below. The driver is collected, too: only static state could keep the compilation.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] Run(GeneratorInput input)
    {
        var project = input.Compile();
        var driver = input.Driver().RunGenerators(project, TestContext.Current.CancellationToken);
        Assert.Equal(2, driver.GetRunResult().GeneratedTrees.Length);
        return [new(project), new(project.GetTypeByMetadataName("IOrders")!), new(driver)];
    }

    /// <summary>A separate method, so that no local variable keeps the first compilation alive.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (GeneratorDriver Driver, WeakReference[] Previous) RunTwice(GeneratorInput input, string edited)
    {
        // The file with the service does not change: the second compilation has its tree, and the cached model.
        var first = input.Compile();
        var driver = input.Driver().RunGenerators(first, TestContext.Current.CancellationToken);
        var service = first.GetTypeByMetadataName("IOrders")!;
        WeakReference[] previous = [new(first), new(service), new(service.GetMembers("Submit").Single())];
        var second = first.ReplaceSyntaxTree(first.SyntaxTrees[1], input.File(edited, 1));
        return (driver.RunGenerators(second, TestContext.Current.CancellationToken), previous);
    }
}
