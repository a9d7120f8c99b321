using ThriftBreaker.CodeFixes.Tests.Harness;

namespace ThriftBreaker.CodeFixes.Tests;

/// <summary>TB0007: the mark that a service lacks is added, and a name that no method has becomes that of the one that is meant.</summary>
public sealed class MethodMarkTests
{
    private const string Contract = "public interface IOrders { void submit(); void @event(); void get(); void let(); }";

    private static readonly FixedProject Marking = new(new AddAttributeFix());
    private static readonly FixedProject Naming = new(new NameMethodFix());

    [Theory]
    [InlineData("[CircuitBreakerMethod(\"submit\", FailMax = 1)]", "[CircuitBreaker]\n[CircuitBreakerMethod(\"submit\", FailMax = 1)]")]
    [InlineData("/// <summary>Of today.</summary>\n[CircuitBreakerMethodAttribute(\"submit\")]", "/// <summary>Of today.</summary>\n[CircuitBreaker]\n[CircuitBreakerMethodAttribute(\"submit\")]")]
    [InlineData("[Obsolete]\n[CircuitBreakerMethod(\"submit\")]", "[CircuitBreaker]\n[Obsolete]\n[CircuitBreakerMethod(\"submit\")]")]
    [InlineData("[CircuitBreakerMethod(\"submit\")] [CircuitBreakerMethod(\"get\")]", "[CircuitBreaker]\n[CircuitBreakerMethod(\"submit\")] [CircuitBreakerMethod(\"get\")]")]
    [InlineData("[M(\"submit\")]", "[global::ThriftBreaker.CircuitBreaker]\n[M(\"submit\")]")]
    public async Task TheMarkStandsAboveTheOthers(string before, string after)
        => Assert.Equal(
            $"using ThriftBreaker;\nusing M = ThriftBreaker.CircuitBreakerMethodAttribute;\n{after} {Contract}",
            await Marking.AllAsync("mark", 0, $"using ThriftBreaker;\nusing M = ThriftBreaker.CircuitBreakerMethodAttribute;\n{before} {Contract}"));

    [Fact]
    public async Task TheMarkIsNamedAsTheOtherIs()
        => Assert.Equal(
            $"namespace Shop\n{{\n    [ThriftBreaker.CircuitBreaker]\n    [ThriftBreaker.CircuitBreakerMethod(\"get\")]\n    {Contract}\n}}",
            await Marking.OneAsync(null, $"namespace Shop\n{{\n    [ThriftBreaker.CircuitBreakerMethod(\"get\")]\n    {Contract}\n}}"));

    [Fact]
    public async Task AMarkedServiceGetsNoOther()
        => Assert.Empty(await Marking.OffersAsync($"[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod(\"submitt\")] {Contract}"));

    [Theory]
    [InlineData("\"submitt\"", "nameof(IOrders.submit)")]
    [InlineData("\"Event\"", "nameof(IOrders.@event)")]
    [InlineData("/* the first */ nameof(Submit)", "/* the first */ nameof(IOrders.submit)")]
    public async Task TheNearestNameIsWritten(string written, string meant)
        => Assert.Equal(Marked(meant), await Naming.OneAsync(null, Marked(written)));

    [Fact]
    public async Task EachOfTheNearestNamesIsOffered()
        => Assert.Equal(["Change to nameof(IOrders.get)", "Change to nameof(IOrders.let)"], await Naming.OffersAsync(Marked("\"set\"")));

    [Theory]
    [InlineData("\"refund\"")]
    [InlineData("null!")]
    public async Task NothingIsOfferedWhereNothingIsNear(string written) => Assert.Empty(await Naming.OffersAsync(Marked(written)));

    [Fact]
    public async Task AllAreNamedAtOnce()
        => Assert.Equal(
            $"using ThriftBreaker;\n[CircuitBreaker, CircuitBreakerMethod(nameof(IOrders.submit)), CircuitBreakerMethod(nameof(IOrders.get))] {Contract}",
            await Naming.AllAsync("0", 0, $"using ThriftBreaker;\n[CircuitBreaker, CircuitBreakerMethod(\"Submit\"), CircuitBreakerMethod(\"GET\")] {Contract}"));

    [Fact]
    public async Task TheMethodsOfAServiceClassAreThoseOfItsInterface()
        => Assert.Equal(
            "using ThriftBreaker;\n[CircuitBreaker, CircuitBreakerMethod(nameof(IAsync.find))] public partial class Orders { public interface IAsync { Task find(); } }",
            await Naming.OneAsync(null, "using ThriftBreaker;\n[CircuitBreaker, CircuitBreakerMethod(\"Find\")] public partial class Orders { public interface IAsync { Task find(); } }"));

    private static string Marked(string method) => $"using ThriftBreaker;\n[CircuitBreaker]\n[CircuitBreakerMethod({method}, FailMax = 1)]\n{Contract}\nclass Submit;\n";
}
