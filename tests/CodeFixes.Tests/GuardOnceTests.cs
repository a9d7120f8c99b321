using ThriftBreaker.CodeFixes.Tests.Harness;

namespace ThriftBreaker.CodeFixes.Tests;

/// <summary>TB0015: of two guards the one goes that nobody has given anything.</summary>
public sealed class GuardOnceTests
{
    private static readonly FixedProject Project = new(new GuardOnceFix());

    [Theory]
    [InlineData("new Calculator.CircuitBreakerClient(new Calculator.CircuitBreakerClient(inner))", "new Calculator.CircuitBreakerClient(inner)")]
    [InlineData("new Calculator.CircuitBreakerClient(new Calculator.CircuitBreakerClient(inner, breaker))", "new Calculator.CircuitBreakerClient(inner, breaker)")]
    [InlineData("new Calculator.CircuitBreakerClient(new Calculator.CircuitBreakerClient(inner), breaker)", "new Calculator.CircuitBreakerClient(inner, breaker)")]
    [InlineData("new Calculator.CircuitBreakerClient(circuitBreaker: breaker, inner: new Calculator.CircuitBreakerClient(inner))", "new Calculator.CircuitBreakerClient(circuitBreaker: breaker, inner: inner)")]
    [InlineData("new Calculator.CircuitBreakerClient((Calculator.IAsync)once)", "once")]
    [InlineData("new Calculator.CircuitBreakerClient(Calculator.CircuitBreakerClient.Connect(\"a\", 1))", "Calculator.CircuitBreakerClient.Connect(\"a\", 1)")]
    [InlineData("new Calculator.CircuitBreakerClient(once ?? new Calculator.CircuitBreakerClient(inner)).CircuitBreaker", "(once ?? new Calculator.CircuitBreakerClient(inner)).CircuitBreaker")]
    public async Task OneGuardIsLeft(string before, string after)
        => Assert.Equal(Code(after), await Project.OneAsync(null, Code(before)));

    [Theory]
    [InlineData("new Calculator.CircuitBreakerClient(once, breaker)")]
    [InlineData("new Calculator.CircuitBreakerClient(new Calculator.CircuitBreakerClient(inner, breaker), breaker)")]
    public async Task NothingIsOfferedWhereSomethingWouldBeLost(string twice) => Assert.Empty(await Project.OffersAsync(Code(twice)));

    [Fact]
    public async Task AllAreGuardedOnce()
        => Assert.Equal(
            Code("new Calculator.CircuitBreakerClient(inner)"),
            await Project.AllAsync("once", 0, Code("new Calculator.CircuitBreakerClient(new Calculator.CircuitBreakerClient(new Calculator.CircuitBreakerClient(inner)))")));

    private static string Code(string value)
        => $$"""
        using ThriftBreaker;

        public static class Shop
        {
            public static object Make(Calculator.IAsync inner, CircuitBreaker breaker, Calculator.CircuitBreakerClient once)
            {
                var kept = /* this one */ {{value}}; // here
                return (kept, inner, breaker, once);
            }
        }

        """;
}
