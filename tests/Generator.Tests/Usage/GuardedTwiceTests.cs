using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests.Usage;

/// <summary>TB0015: a circuit breaker client that wraps another one.</summary>
public sealed class GuardedTwiceTests
{
    [Theory]
    [InlineData("_ = new Calculator.CircuitBreakerClient(new Calculator.CircuitBreakerClient(other));", "new Calculator.CircuitBreakerClient(other)")]
    [InlineData("_ = new Calculator.CircuitBreakerClient((Calculator.IAsync)new Calculator.CircuitBreakerClient(other));", "(Calculator.IAsync)new Calculator.CircuitBreakerClient(other)")]
    [InlineData("var once = new Calculator.CircuitBreakerClient(other); _ = new Calculator.CircuitBreakerClient(once, new CircuitBreaker());", "once")]
    [InlineData("var once = Calculator.CircuitBreakerClient.Connect(\"a\", 1); Calculator.CircuitBreakerClient twice = new(once);", "once")]
    [InlineData("Calculator.IAsync once = new Calculator.CircuitBreakerClient(other); _ = new Calculator.CircuitBreakerClient(inner: once);", "once")]
    [InlineData("await using var once = new Calculator.CircuitBreakerClient(other); _ = new Calculator.CircuitBreakerClient(circuitBreaker: new CircuitBreaker(), inner: once);", "once")]
    [InlineData("_ = new Calculator.CircuitBreakerClient(new StrictCircuitBreakerClient(other));", "new StrictCircuitBreakerClient(other)")]
    public void GuardedInnerClientIsReported(string statements, string culprit)
        => Assert.Equal([("TB0015", culprit)], Reports(statements));

    [Theory]
    [InlineData("_ = new Calculator.CircuitBreakerClient(other);")]
    [InlineData("_ = new Calculator.CircuitBreakerClient(other, new CircuitBreaker(), fallback: new Calculator.CircuitBreakerClient(other));")]
    [InlineData("_ = new Calculator.CircuitBreakerClient(other, new CircuitBreaker(), Calculator.CircuitBreakerClient.Connect(\"a\", 1));")]
    [InlineData("Calculator.IAsync inner = new Calculator.CircuitBreakerClient(other); inner = other; _ = new Calculator.CircuitBreakerClient(inner);")]
    [InlineData("Calculator.IAsync inner = new Calculator.CircuitBreakerClient(other); Change(ref inner); _ = new Calculator.CircuitBreakerClient(inner);")]
    [InlineData("Calculator.IAsync inner = new Calculator.CircuitBreakerClient(other); (inner, _) = (other, 1); _ = new Calculator.CircuitBreakerClient(inner);")]
    [InlineData("_ = new NotOurs.CircuitBreakerClient(new NotOurs.CircuitBreakerClient(other));")]
    public void OtherInnerObjectsAreNotReported(string statements) => Assert.Empty(Reports(statements));

    [Fact]
    public void MessageNamesTheRemedy()
        => Assert.Equal(
            "'Calculator.CircuitBreakerClient' is guarded already, and a second circuit breaker would count each of its failures again: use it directly, or pass the client that it wraps",
            Report.From(Assert.Single(UsageRun.Analyze("public static class Shop { public static object Make(Calculator.CircuitBreakerClient once) => new Calculator.CircuitBreakerClient(once); }"))).Message);

    private static IEnumerable<(string Id, string Text)> Reports(string statements)
        => UsageRun.Analyze(
            "[CircuitBreaker(FailMax = 1)] public interface IStrict : Calculator.IAsync;",
            "public static class NotOurs { public sealed class CircuitBreakerClient(object inner) { public object Inner => inner; } }",
            $$"""
            public sealed class Shop(Calculator.IAsync other)
            {
                public async Task RunAsync()
                {
                    await Task.Yield();
                    {{statements}}
                }

                private static void Change(ref Calculator.IAsync client) => client = null!;
            }
            """)
            .Select(Report.From).Select(static report => (report.Id, report.Text));
}
