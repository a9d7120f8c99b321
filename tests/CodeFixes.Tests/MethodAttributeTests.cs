using AddAttribute = ThriftBreaker.CodeFixes.Tests.Harness.FixTest<ThriftBreaker.CodeFixes.AddAttributeFix>;
using NameMethod = ThriftBreaker.CodeFixes.Tests.Harness.FixTest<ThriftBreaker.CodeFixes.NameMethodFix>;

namespace ThriftBreaker.CodeFixes.Tests;

/// <summary>
/// TB0007: the missing attribute of a service is added, and an unknown method name is replaced by the most similar one.
/// </summary>
public sealed class MethodAttributeTests
{
    private const string Contract = "public interface IOrders { void submit(); void @event(); void get(); void let(); }";

    [Theory]
    [InlineData("[CircuitBreakerMethod({|TB0007:\"submit\"|}, FailMax = 1)]", "[CircuitBreaker]\n[CircuitBreakerMethod(\"submit\", FailMax = 1)]")]
    [InlineData("/// <summary>Of today.</summary>\n[CircuitBreakerMethodAttribute({|TB0007:\"submit\"|})]", "/// <summary>Of today.</summary>\n[CircuitBreaker]\n[CircuitBreakerMethodAttribute(\"submit\")]")]
    [InlineData("[Obsolete]\n[CircuitBreakerMethod({|TB0007:\"submit\"|})]", "[CircuitBreaker]\n[Obsolete]\n[CircuitBreakerMethod(\"submit\")]")]
    [InlineData("[CircuitBreakerMethod({|TB0007:\"submit\"|})] [CircuitBreakerMethod({|TB0007:\"get\"|})]", "[CircuitBreaker]\n[CircuitBreakerMethod(\"submit\")] [CircuitBreakerMethod(\"get\")]")]
    [InlineData("[M({|TB0007:\"submit\"|})]", "[global::ThriftBreaker.CircuitBreaker]\n[M(\"submit\")]")]
    public Task AttributeIsAddedAboveTheOthers(string before, string after)
        => AddAttribute.VerifyAsync(
            $"using ThriftBreaker;\nusing M = ThriftBreaker.CircuitBreakerMethodAttribute;\n{before} {Contract}",
            $"using ThriftBreaker;\nusing M = ThriftBreaker.CircuitBreakerMethodAttribute;\n{after} {Contract}");

    [Fact]
    public Task AttributeIsQualifiedLikeTheExistingOne()
        => AddAttribute.VerifyAsync(
            $"namespace Shop\n{{\n    [ThriftBreaker.CircuitBreakerMethod({{|TB0007:\"get\"|}})]\n    {Contract}\n}}",
            $"namespace Shop\n{{\n    [ThriftBreaker.CircuitBreaker]\n    [ThriftBreaker.CircuitBreakerMethod(\"get\")]\n    {Contract}\n}}");

    [Fact]
    public Task ServiceWithTheAttributeGetsNoSecondOne()
        => AddAttribute.VerifyOffersAsync([], $"[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod({{|TB0007:\"submitt\"|}})] {Contract}");

    [Theory]
    [InlineData("{|TB0007:\"submitt\"|}", "nameof(IOrders.submit)")]
    [InlineData("{|TB0007:\"Event\"|}", "nameof(IOrders.@event)")]
    [InlineData("/* the first */ {|TB0007:nameof(Submit)|}", "/* the first */ nameof(IOrders.submit)")]
    public Task NameIsReplacedByTheMostSimilarMethod(string name, string nearest)
        => NameMethod.VerifyAsync(Marked(name), Marked(nearest));

    [Fact]
    public Task EveryEquallySimilarNameIsOffered()
        => NameMethod.VerifyOffersAsync(["Change to nameof(IOrders.get)", "Change to nameof(IOrders.let)"], Marked("{|TB0007:\"set\"|}"));

    [Theory]
    [InlineData("{|TB0007:\"refund\"|}")]
    [InlineData("{|TB0007:null!|}")]
    public Task DissimilarNameHasNoFix(string name) => NameMethod.VerifyOffersAsync([], Marked(name));

    [Fact]
    public Task FixAllReplacesEveryName()
        => NameMethod.VerifyAsync(
            $"using ThriftBreaker;\n[CircuitBreaker, CircuitBreakerMethod({{|TB0007:\"Submit\"|}}), CircuitBreakerMethod({{|TB0007:\"GET\"|}})] {Contract}",
            $"using ThriftBreaker;\n[CircuitBreaker, CircuitBreakerMethod(nameof(IOrders.submit)), CircuitBreakerMethod(nameof(IOrders.get))] {Contract}",
            "0");

    [Fact]
    public Task MethodsOfAServiceClassAreThoseOfItsInterface()
        => NameMethod.VerifyAsync(
            "using ThriftBreaker;\n[CircuitBreaker, CircuitBreakerMethod({|TB0007:\"Find\"|})] public partial class Orders { public interface IAsync { Task find(); } }",
            "using ThriftBreaker;\n[CircuitBreaker, CircuitBreakerMethod(nameof(IAsync.find))] public partial class Orders { public interface IAsync { Task find(); } }");

    private static string Marked(string method) => $"using ThriftBreaker;\n[CircuitBreaker]\n[CircuitBreakerMethod({method}, FailMax = 1)]\n{Contract}\nclass Submit;\n";
}
