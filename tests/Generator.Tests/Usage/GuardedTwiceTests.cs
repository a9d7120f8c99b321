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

    [Theory]
    [InlineData("var once = new Calculator.CircuitBreakerClient(other, breaker); _ = new Calculator.CircuitBreakerClient(Log(once), breaker);", "new Calculator.CircuitBreakerClient(other, breaker)")]
    [InlineData("Calculator.IAsync logged = Log(new Calculator.CircuitBreakerClient(other, breaker)); _ = new Calculator.CircuitBreakerClient(logged, breaker);", "new Calculator.CircuitBreakerClient(other, breaker)")]
    [InlineData("_ = new StrictCircuitBreakerClient((IStrict)Log(new Calculator.CircuitBreakerClient(other, breaker)), breaker);", "new Calculator.CircuitBreakerClient(other, breaker)")]
    [InlineData("var once = Calculator.CircuitBreakerClient.Connect(new ThriftEndpoint(\"a\", 1), new ThriftChannelOptions(), breaker); await breaker.ExecuteAsync(token => once.ping(token));", "once")]
    [InlineData("var once = new Calculator.CircuitBreakerClient(other, breaker); await breaker.ExecuteAsync(once, static (client, token) => client.ping(token));", "once")]
    [InlineData("var once = new Calculator.CircuitBreakerClient(other, breaker); var logged = Log(once); await breaker.ExecuteValueTaskAsync(token => new ValueTask(logged.ping(token)));", "logged")]
    [InlineData("var once = new Calculator.CircuitBreakerClient(other); await once.CircuitBreaker.ExecuteAsync(token => once.ping(token));", "once")]
    [InlineData("var local = new CircuitBreaker(); var once = new Calculator.CircuitBreakerClient(other, local); local.Execute(() => once.ping().Wait());", "once")]
    public void SharedCircuitBreaker_IsReported(string statements, string culprit)
        => Assert.Equal([("TB0015", culprit)], Reports(statements));

    [Theory]
    [InlineData("_ = new Calculator.CircuitBreakerClient(Log(new Calculator.CircuitBreakerClient(other, breaker)), new CircuitBreaker());")] // One for a server, one for all.
    [InlineData("var one = new Calculator.CircuitBreakerClient(other, breaker); var two = new Calculator.CircuitBreakerClient(other, breaker);")] // Beside each other.
    [InlineData("var once = new Calculator.CircuitBreakerClient(other, breaker); await new CircuitBreaker().ExecuteAsync(token => once.ping(token));")]
    [InlineData("var once = new Calculator.CircuitBreakerClient(other, breaker); await breaker.ExecuteAsync(token => other.ping(token));")]
    [InlineData("var once = new Calculator.CircuitBreakerClient(other, breaker); once = new Calculator.CircuitBreakerClient(other); await breaker.ExecuteAsync(token => once.ping(token));")]
    [InlineData("_ = new Calculator.CircuitBreakerClient(other, breaker, Log(new Calculator.CircuitBreakerClient(other, breaker)));")] // As a fallback.
    [InlineData("var once = new Calculator.CircuitBreakerClient(other); var next = new Calculator.CircuitBreakerClient(other); await next.CircuitBreaker.ExecuteAsync(token => once.ping(token));")]
    public void OtherCircuitBreakers_AreNotReported(string statements) => Assert.Empty(Reports(statements));

    [Fact]
    public void SharedCircuitBreaker_MessageNamesIt()
        => Assert.Contains(
            "'Calculator.CircuitBreakerClient' is guarded already, and the same circuit breaker would count each of its failures again",
            Report.From(Assert.Single(UsageRun.Analyze("public static class Shop { public static Task Run(Calculator.CircuitBreakerClient once) => once.CircuitBreaker.ExecuteAsync(token => once.ping(token)); }"))).Message,
            StringComparison.Ordinal);

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
            public sealed class Shop(Calculator.IAsync other, CircuitBreaker breaker)
            {
                public async Task RunAsync()
                {
                    await Task.Yield();
                    {{statements}}
                }

                private static Calculator.IAsync Log(Calculator.IAsync client) => client;

                private static void Change(ref Calculator.IAsync client) => client = null!;
            }
            """)
            .Select(Report.From).Select(static report => (report.Id, report.Text));
}
