using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests.Usage;

/// <summary>TB0015: a guarded client in the place of what another one wraps.</summary>
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
    public void AnInnerClientThatIsGuardedIsReported(string statements, string culprit)
        => Assert.Equal([("TB0015", culprit)], Reports(statements));

    [Theory]
    [InlineData("_ = new Calculator.CircuitBreakerClient(other);")]
    [InlineData("_ = new Calculator.CircuitBreakerClient(other, new CircuitBreaker(), fallback: new Calculator.CircuitBreakerClient(other));")]
    [InlineData("_ = new Calculator.CircuitBreakerClient(other, new CircuitBreaker(), Calculator.CircuitBreakerClient.Connect(\"a\", 1));")]
    [InlineData("Calculator.IAsync inner = new Calculator.CircuitBreakerClient(other); inner = other; _ = new Calculator.CircuitBreakerClient(inner);")]
    [InlineData("Calculator.IAsync inner = new Calculator.CircuitBreakerClient(other); Change(ref inner); _ = new Calculator.CircuitBreakerClient(inner);")]
    [InlineData("Calculator.IAsync inner = new Calculator.CircuitBreakerClient(other); (inner, _) = (other, 1); _ = new Calculator.CircuitBreakerClient(inner);")]
    [InlineData("_ = new NotOurs.CircuitBreakerClient(new NotOurs.CircuitBreakerClient(other));")]
    public void AnythingElseIsNot(string statements) => Assert.Empty(Reports(statements));

    [Fact]
    public void ItSaysWhatToDo()
        => Assert.Equal(
            "'Calculator.CircuitBreakerClient' is guarded already, and a second circuit would count each of its failures again: use it as it is, or hand over what it wraps",
            Report.Of(Assert.Single(UsageRun.Of("public static class Shop { public static object Make(Calculator.CircuitBreakerClient once) => new Calculator.CircuitBreakerClient(once); }"))).Message);

    private static IEnumerable<(string Id, string Text)> Reports(string statements)
        => UsageRun.Of(
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
            .Select(Report.Of).Select(static report => (report.Id, report.Text));
}
