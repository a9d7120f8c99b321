using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>The names of generated files: legal on every file system, short, and unique without case.</summary>
public sealed class HintNameTests
{
    private const int LongestName = 120;
    private const string Long = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    private const string Service = "{ public interface IAsync { System.Threading.Tasks.Task submit(); } }";

    [Fact]
    public void ServicesThatDifferOnlyInCaseGetFilesThatDifferInMore()
        => AreUnique(GeneratorRun.Create(
            $"[ThriftBreaker.CircuitBreaker] public partial class Orders {Service}",
            $"[ThriftBreaker.CircuitBreaker] public partial class ORDERS {Service}"));

    [Fact]
    public void ServicesOfOneNameInTwoNamespacesGetTwoFiles()
        => AreUnique(GeneratorRun.Create(
            $"namespace East {{ [ThriftBreaker.CircuitBreaker] public partial class Orders {Service} }}",
            $"namespace West {{ [ThriftBreaker.CircuitBreaker] public partial class Orders {Service} }}"));

    [Fact]
    public void ServicesThatDifferOnlyInLettersThatNoFileShouldHaveGetTwoFiles()
        => AreUnique(GeneratorRun.Create(
            $"[ThriftBreaker.CircuitBreaker] public partial class Ordenó {Service}",
            $"[ThriftBreaker.CircuitBreaker] public partial class Ordené {Service}"));

    [Theory]
    [InlineData("Orders")]
    [InlineData("@class")]
    [InlineData("Größe")]
    [InlineData("注文")]
    public void NameOfAnyTypeIsALegalFileName(string name)
    {
        var run = GeneratorRun.Create($"namespace @event {{ [ThriftBreaker.CircuitBreaker] public partial class {name} {Service} }}");

        Assert.Matches("^[A-Za-z0-9_.]+$", run.Sources.Single().HintName);
    }

    [Fact]
    public void NamesOfLongTypesAreShortAndUnique()
    {
        var name = new string('A', 300);
        var run = GeneratorRun.Create(
            $"namespace East.{name} {{ [ThriftBreaker.CircuitBreaker] public partial class {name} {Service} }}",
            $"namespace West.{name} {{ [ThriftBreaker.CircuitBreaker] public partial class {name} {Service} }}");

        AreUnique(run);
        Assert.All(run.Sources, static source => Assert.InRange(source.HintName.Length, 1, LongestName));
    }

    [Fact]
    public void NamesOfServicesThatDifferInTypeParametersOrArgumentsDiffer()
    {
        var run = GeneratorRun.Create(
            """
            [assembly: ThriftBreaker.CircuitBreaker(typeof(IStore<>)), ThriftBreaker.CircuitBreaker(typeof(IStore<,>))]
            [assembly: ThriftBreaker.CircuitBreaker(typeof(IStore<T>))]
            public class T { }
            public interface IStore<T> { void f(); }
            public interface IStore<T, U> { void f(); }
            """);

        Assert.Equal(3, run.Sources.Select(static source => source.HintName).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(run.Sources, static source => Assert.Matches("^[A-Za-z0-9_.]+$", source.HintName));
    }

    /// <summary>Their hashes of 32 bits are equal, and so are their readable names.</summary>
    [Theory]
    [InlineData("", "ORdERSOftHelArgEshOP", "", "orDeRsoFTHeLArgeSHop")]
    [InlineData("Shop3897b", Long, "Shop738a8", Long)]
    public void NamesWithEqualShortHashesDiffer(string place, string name, string otherPlace, string otherName)
    {
        AreUnique(GeneratorRun.Create(Marked(place, name), Marked(otherPlace, otherName)));

        static string Marked(string place, string name)
        {
            var service = $"[ThriftBreaker.CircuitBreaker] public partial class {name} {Service}";
            return place.Length == 0 ? service : $"namespace {place} {{ {service} }}";
        }
    }

    [Theory]
    [InlineData("namespace Shop { [ThriftBreaker.CircuitBreaker] public interface IOrders { void f(); } }", "Shop.IOrders.CircuitBreaker.g.cs")]
    [InlineData("namespace shop { [ThriftBreaker.CircuitBreaker] public interface orders2 { void f(); } }", "shop.orders2.CircuitBreaker.g.cs")]
    [InlineData("public class Shop { [ThriftBreaker.CircuitBreaker] public interface IOrders { void f(); } }", "Shop.IOrders.CircuitBreaker.g.cs")]
    [InlineData("namespace Shop { [ThriftBreaker.CircuitBreaker] public interface IStore<T> { void f(); } }", "Shop.IStore_1.CircuitBreaker.g.cs")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public interface IOrders { void f(); }", "IOrders.CircuitBreaker.g.cs")]
    public void TheNameSaysTheWholeType(string project, string name)
        => Assert.Equal(name, Assert.Single(GeneratorRun.Create(project).Sources).HintName);

    [Theory]
    [InlineData("public interface IStore_1 { void f(); }", "public interface IStore<T> { void f(); }")]
    [InlineData("public interface IOrders { void f(); }", "public interface Iorders { void f(); }")]
    public void NameWithATwinHasAHash(string service, string twin)
        => Assert.All(
            AreUnique(GeneratorRun.Create($"[ThriftBreaker.CircuitBreaker] {service} [ThriftBreaker.CircuitBreaker] {twin}")),
            static name => Assert.Matches(@"^\w+\.0[0-9a-f]{16}\.CircuitBreaker\.g\.cs$", name));

    [Fact]
    public void NameWithATwinOfAnotherNestingHasAHash()
        => Assert.All(
            AreUnique(GeneratorRun.Create(
                "public class Shop { [ThriftBreaker.CircuitBreaker] public interface IOrders { void f(); } }",
                "namespace shop { [ThriftBreaker.CircuitBreaker] public interface IOrders { void f(); } }")),
            static name => Assert.Matches(@"^(?i:shop)\.IOrders\.0[0-9a-f]{16}\.CircuitBreaker\.g\.cs$", name));

    /// <summary>A service that comes later and takes the same readable name renames the files of both.</summary>
    [Fact]
    public void NameWhenATwinIsAddedGetsAHash()
    {
        var input = new GeneratorInput($"[ThriftBreaker.CircuitBreaker] public partial class Orders {Service}");
        var project = input.Compile();
        var driver = input.Driver().RunGenerators(project, TestContext.Current.CancellationToken);
        var twin = project.AddSyntaxTrees(input.File($"[ThriftBreaker.CircuitBreaker] public partial class ORDERS {Service}", 1));

        foreach (var (state, files) in new[] { (project, 1), (twin, 2), (project, 1) })
        {
            driver = driver.RunGenerators(state, TestContext.Current.CancellationToken);
            var result = driver.GetRunResult().Results.Single();
            Assert.Null(result.Exception);
            Assert.Equal(files, result.GeneratedSources.Length);
            Assert.Equal(files == 1, result.GeneratedSources.Any(static source => source.HintName == "Orders.CircuitBreaker.g.cs"));
        }
    }

    private static string[] AreUnique(GeneratorRun run)
    {
        string[] names = [.. run.Sources.Select(static source => source.HintName)];
        Assert.Equal(2, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        return names;
    }
}
