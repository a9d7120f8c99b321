using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>The names of the written files: legal everywhere, short, and never equal but for case.</summary>
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
    public void AnyNameOfATypeMakesALegalNameOfAFile(string name)
    {
        var run = GeneratorRun.Create($"namespace @event {{ [ThriftBreaker.CircuitBreaker] public partial class {name} {Service} }}");

        Assert.Matches("^[A-Za-z0-9_.]+$", run.Sources.Single().HintName);
    }

    [Fact]
    public void LongNamesAreCutButStayUnique()
    {
        var name = new string('A', 300);
        var run = GeneratorRun.Create(
            $"namespace East.{name} {{ [ThriftBreaker.CircuitBreaker] public partial class {name} {Service} }}",
            $"namespace West.{name} {{ [ThriftBreaker.CircuitBreaker] public partial class {name} {Service} }}");

        AreUnique(run);
        Assert.All(run.Sources, static source => Assert.InRange(source.HintName.Length, 1, LongestName));
    }

    [Fact]
    public void ServicesThatDifferOnlyInTypeParametersOrArgumentsGetFilesThatDifferInMore()
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

    /// <summary>Their hashes of 32 bits are equal, and so is all that can be read of them.</summary>
    [Theory]
    [InlineData("", "ORdERSOftHelArgEshOP", "", "orDeRsoFTHeLArgeSHop")]
    [InlineData("Shop3897b", Long, "Shop738a8", Long)]
    public void ServicesWhoseShortHashesAreEqualGetTwoFiles(string place, string name, string otherPlace, string otherName)
    {
        AreUnique(GeneratorRun.Create(Marked(place, name), Marked(otherPlace, otherName)));

        static string Marked(string place, string name)
        {
            var service = $"[ThriftBreaker.CircuitBreaker] public partial class {name} {Service}";
            return place.Length == 0 ? service : $"namespace {place} {{ {service} }}";
        }
    }

    [Theory]
    [InlineData("namespace Shop { [ThriftBreaker.CircuitBreaker] public interface IOrders { void f(); } }", "Shop.IOrders.86.CircuitBreaker.g.cs")]
    [InlineData("namespace shop { [ThriftBreaker.CircuitBreaker] public interface orders2 { void f(); } }", "shop.orders2.0.CircuitBreaker.g.cs")]
    [InlineData("public class Shop { [ThriftBreaker.CircuitBreaker] public interface IOrders { void f(); } }", "Shop.IOrders.8e.CircuitBreaker.g.cs")]
    [InlineData("namespace Shop { [ThriftBreaker.CircuitBreaker] public interface IStore<T> { void f(); } }", "Shop.IStore_1.861.CircuitBreaker.g.cs")]
    public void TheNameSaysTheWholeType(string project, string name)
        => Assert.Equal(name, Assert.Single(GeneratorRun.Create(project).Sources).HintName);

    private static void AreUnique(GeneratorRun run)
        => Assert.Equal(2, run.Sources.Select(static source => source.HintName).Distinct(StringComparer.OrdinalIgnoreCase).Count());
}
