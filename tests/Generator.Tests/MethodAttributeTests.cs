using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// TB0007: a method attribute that applies to no method is an error on its argument, and is otherwise ignored.
/// </summary>
public sealed class MethodAttributeTests
{
    private const string Service = "public interface IOrders { void submit(); void cancel(int id); void cancel(string name); void find(); }";

    [Theory]
    [InlineData("\"submitt\"", "'submitt' is not a method of 'IOrders'; did you mean 'submit'?")]
    [InlineData("\"Cancel\"", "'Cancel' is not a method of 'IOrders'; did you mean 'cancel'?")]
    [InlineData("\"finds\"", "'finds' is not a method of 'IOrders'; did you mean 'find'?")]
    [InlineData("\"refund\"", "'refund' is not a method of 'IOrders'; write nameof(…) of one")]
    [InlineData("\"\"", "'' is not a method of 'IOrders'; write nameof(…) of one")]
    [InlineData("null!", "it specifies no method; write nameof(…) of one")]
    [InlineData("nameof(System.Console.WriteLine)", "'WriteLine' is not a method of 'IOrders'; write nameof(…) of one")]
    [InlineData("nameof(IOrders)", "'IOrders' is not a method of 'IOrders'; write nameof(…) of one")]
    public void UnknownMethodNameIsReportedAtItsArgument(string name, string reason)
        => Assert.Equal(
            [("TB0007", "This [CircuitBreakerMethod] cannot be applied: " + reason, name)],
            Reports($"[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod({name}, FailMax = 1)] {Service}"));

    [Fact]
    public void EquallySimilarNamesAreAllSuggested()
        => Assert.Equal(
            ["This [CircuitBreakerMethod] cannot be applied: 'get' is not a method of 'IOrders'; did you mean 'set' or 'let'?"],
            Reports("[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod(\"get\")] public interface IOrders { void set(); void let(); void put(); }")
                .Select(static report => report.Message));

    [Fact]
    public void SecondAttributeForAMethodIsReported()
    {
        var run = GeneratorRun.Create(
            $"[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod(\"find\", FailMax = 1), ThriftBreaker.CircuitBreakerMethod(nameof(IOrders.find), Bypass = true)] {Service}");

        Assert.Equal(
            ("TB0007", "This [CircuitBreakerMethod] cannot be applied: 'find' already has an attribute; write all its settings in one", "nameof(IOrders.find)"),
            Report.From(Assert.Single(run.Problems)));
        Assert.Contains("FailMax = 1", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void MethodAttributeRequiresAnAttributeOnTheService()
        => Assert.Equal(
            [("TB0007", "This [CircuitBreakerMethod] cannot be applied: 'IOrders' is not marked with [CircuitBreaker], so no client is generated; add that attribute", "\"find\"")],
            Reports($"[ThriftBreaker.CircuitBreakerMethod(\"find\")] {Service}"));

    [Theory]
    [InlineData("", "Oneway = true }")]
    [InlineData("[CircuitBreakerMethod(nameof(Calculator.IAsync.note), FailMax = 1)]", "CircuitBreakerIndex = 2, Oneway = true, OnewayOnly = true }")]
    public void CircuitBreakerOfOnewayMethodsOnlyIsReported(string attribute, string contract)
    {
        var run = GeneratorRun.Create([.. Contracts.Calculator, $"using ThriftBreaker; namespace Circuit.Calculators; [CircuitBreaker] {attribute} public partial class Calculator;"]);

        Assert.Contains($"note = new(\"note\") {{ {contract}", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void CallSettingsCreateNoCircuitBreaker()
    {
        var run = GeneratorRun.Create(
        [
            .. Contracts.Calculator,
            """
            using ThriftBreaker;

            namespace Circuit.Calculators;

            [CircuitBreaker(Idempotent = true)]
            [CircuitBreakerMethod(nameof(Calculator.IAsync.echo), Idempotent = false, CallTimeoutSeconds = 60)]
            public partial class Calculator;
            """,
        ]);

        Assert.Empty(run.Problems);
        Assert.DoesNotContain("CircuitBreakerIndex", run.Text, StringComparison.Ordinal);
        Assert.Contains("echo = new(\"echo\") { CallTimeout = global::System.TimeSpan.FromSeconds(60D) }", run.Text, StringComparison.Ordinal);
        Assert.Contains("ping = new(\"ping\") { Idempotent = true }", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void AttributesMayBeOnDifferentParts()
    {
        var run = GeneratorRun.Create(
            "[ThriftBreaker.CircuitBreaker] public partial class Orders { public interface IAsync { System.Threading.Tasks.Task find(); } }",
            "[ThriftBreaker.CircuitBreakerMethod(nameof(IAsync.find), FailMax = 7)] public partial class Orders;");

        Assert.Contains("find = new(\"find\", null) { CircuitBreakerIndex = 2 }", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void InheritedMethodMayHaveAnAttribute()
        => Assert.Contains(
            "ping = new(\"ping\", null) { CircuitBreakerIndex = 2 }",
            GeneratorRun.Create("public interface IBase { void ping(); } [ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod(nameof(IBase.ping))] public interface IOrders : IBase { void find(); }").Text,
            StringComparison.Ordinal);

    [Fact]
    public void ServiceWithOnlyBypassedMethodsIsTB0002()
        => Assert.Equal(
            [("TB0002", "'IOrders' is marked with [CircuitBreaker], but each of its methods is marked with Bypass; there is nothing to guard", "IOrders")],
            Reports("[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod(\"find\", Bypass = true)] public interface IOrders { void find(); void find(int id); }"));

    [Theory]
    [InlineData("FailMax = 0", "TB0001", "FailMax = 0")]
    [InlineData("Mode = (ThriftBreaker.CircuitMode)4", "TB0001", "Mode = (ThriftBreaker.CircuitMode)4")]
    [InlineData("Ignore = new[] { typeof(int) }", "TB0008", "Ignore = new[] { typeof(int) }")]
    public void SettingsOfAMethodAreValidatedLikeThoseOfTheService(string argument, string id, string culprit)
        => Assert.Equal(
            [(id, culprit)],
            Reports($"[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod(\"find\", {argument})] {Service}").Select(static report => (report.Id, report.Text)));

    private static IEnumerable<(string Id, string Message, string Text)> Reports(string text) => GeneratorRun.Create(text).Problems.Select(Report.From);
}
