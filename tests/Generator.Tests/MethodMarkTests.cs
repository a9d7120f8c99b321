using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>TB0007: a method's mark that has no method to hold for is an error on its argument, and the rest goes on without it.</summary>
public sealed class MethodMarkTests
{
    private const string Service = "public interface IOrders { void submit(); void cancel(int id); void cancel(string name); void find(); }";

    [Theory]
    [InlineData("\"submitt\"", "'submitt' is no method of 'IOrders'; did you mean 'submit'?")]
    [InlineData("\"Cancel\"", "'Cancel' is no method of 'IOrders'; did you mean 'cancel'?")]
    [InlineData("\"finds\"", "'finds' is no method of 'IOrders'; did you mean 'find'?")]
    [InlineData("\"refund\"", "'refund' is no method of 'IOrders'; write nameof(…) of one")]
    [InlineData("\"\"", "'' is no method of 'IOrders'; write nameof(…) of one")]
    [InlineData("null!", "it names no method; write nameof(…) of one")]
    [InlineData("nameof(System.Console.WriteLine)", "'WriteLine' is no method of 'IOrders'; write nameof(…) of one")]
    [InlineData("nameof(IOrders)", "'IOrders' is no method of 'IOrders'; write nameof(…) of one")]
    public void ANameThatIsNoMethodIsReportedOnItsArgument(string name, string reason)
        => Assert.Equal(
            [("TB0007", "This [CircuitBreakerMethod] cannot be applied: " + reason, name)],
            Reports($"[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod({name}, FailMax = 1)] {Service}"));

    [Fact]
    public void NamesThatAreEquallyNearAreAllSuggested()
        => Assert.Equal(
            ["This [CircuitBreakerMethod] cannot be applied: 'get' is no method of 'IOrders'; did you mean 'set' or 'let'?"],
            Reports("[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod(\"get\")] public interface IOrders { void set(); void let(); void put(); }")
                .Select(static report => report.Message));

    [Fact]
    public void AMethodThatIsMarkedTwiceIsReportedOnTheSecondMark()
    {
        var run = GeneratorRun.Of(
            $"[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod(\"find\", FailMax = 1), ThriftBreaker.CircuitBreakerMethod(nameof(IOrders.find), Bypass = true)] {Service}");

        Assert.Equal(
            ("TB0007", "This [CircuitBreakerMethod] cannot be applied: 'find' has a mark already; write all its settings in one", "nameof(IOrders.find)"),
            Report.Of(Assert.Single(run.Problems)));
        Assert.Contains("FailMax = 1", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void AMarkForAMethodWantsAMarkOnTheService()
        => Assert.Equal(
            [("TB0007", "This [CircuitBreakerMethod] cannot be applied: 'IOrders' is not marked with [CircuitBreaker], so there is no client to guard it in; add that mark", "\"find\"")],
            Reports($"[ThriftBreaker.CircuitBreakerMethod(\"find\")] {Service}"));

    [Theory]
    [InlineData("", "Oneway = true }")]
    [InlineData("[CircuitBreakerMethod(nameof(Calculator.IAsync.note), FailMax = 1)]", "CircuitBreakerIndex = 2, Oneway = true, OnewayOnly = true }")]
    public void ACircuitOfOnewayMethodsAloneIsSaidToBeOne(string mark, string contract)
    {
        var run = GeneratorRun.Of([.. Contracts.Calculator, $"using ThriftBreaker; namespace Circuit.Calculators; [CircuitBreaker] {mark} public partial class Calculator;"]);

        Assert.Contains($"note = new(\"note\", \"Calculator\") {{ {contract}", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void AMarkThatSpeaksOfTheCallsOnlyGivesNoCircuit()
    {
        var run = GeneratorRun.Of(
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
        Assert.Contains("echo = new(\"echo\", \"Calculator\") { CallTimeout = global::System.TimeSpan.FromSeconds(60D) }", run.Text, StringComparison.Ordinal);
        Assert.Contains("ping = new(\"ping\", \"Calculator\") { Idempotent = true }", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void TheMarksMayStandOnDifferentParts()
    {
        var run = GeneratorRun.Of(
            "[ThriftBreaker.CircuitBreaker] public partial class Orders { public interface IAsync { System.Threading.Tasks.Task find(); } }",
            "[ThriftBreaker.CircuitBreakerMethod(nameof(IAsync.find), FailMax = 7)] public partial class Orders;");

        Assert.Contains("find = new(\"find\") { Service = \"Orders\", CircuitBreakerIndex = 2 }", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void AnInheritedMethodCanBeMarked()
        => Assert.Contains(
            "ping = new(\"ping\") { Service = \"Orders\", CircuitBreakerIndex = 2 }",
            GeneratorRun.Of("public interface IBase { void ping(); } [ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod(nameof(IBase.ping))] public interface IOrders : IBase { void find(); }").Text,
            StringComparison.Ordinal);

    [Fact]
    public void AServiceWhoseMethodsAreAllBypassedIsTB0002()
        => Assert.Equal(
            [("TB0002", "'IOrders' is marked with [CircuitBreaker], but each of its methods is marked with Bypass; there is nothing to guard", "IOrders")],
            Reports("[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod(\"find\", Bypass = true)] public interface IOrders { void find(); void find(int id); }"));

    [Theory]
    [InlineData("FailMax = 0", "TB0001", "FailMax = 0")]
    [InlineData("Mode = (ThriftBreaker.CircuitMode)4", "TB0001", "Mode = (ThriftBreaker.CircuitMode)4")]
    [InlineData("Ignore = new[] { typeof(int) }", "TB0008", "Ignore = new[] { typeof(int) }")]
    public void TheSettingsOfAMethodAreCheckedLikeThoseOfTheService(string argument, string id, string culprit)
        => Assert.Equal(
            [(id, culprit)],
            Reports($"[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod(\"find\", {argument})] {Service}").Select(static report => (report.Id, report.Text)));

    private static IEnumerable<(string Id, string Message, string Text)> Reports(string text) => GeneratorRun.Of(text).Problems.Select(Report.Of);
}
