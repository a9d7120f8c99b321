using Test = ThriftBreaker.CodeFixes.Tests.Harness.FixTest<ThriftBreaker.CodeFixes.GuardOnceFix>;

namespace ThriftBreaker.CodeFixes.Tests;

/// <summary>
/// TB0015: of two nested circuit breaker clients, the fix removes the one without a circuit breaker or fallback of its
/// own.
/// </summary>
public sealed class GuardOnceTests
{
    [Theory]
    [InlineData("new Calculator.CircuitBreakerClient({|TB0015:new Calculator.CircuitBreakerClient(inner)|})", "new Calculator.CircuitBreakerClient(inner)")]
    [InlineData("new Calculator.CircuitBreakerClient({|TB0015:new Calculator.CircuitBreakerClient(inner, breaker)|})", "new Calculator.CircuitBreakerClient(inner, breaker)")]
    [InlineData("new Calculator.CircuitBreakerClient({|TB0015:new Calculator.CircuitBreakerClient(inner)|}, breaker)", "new Calculator.CircuitBreakerClient(inner, breaker)")]
    [InlineData("new Calculator.CircuitBreakerClient(circuitBreaker: breaker, inner: {|TB0015:new Calculator.CircuitBreakerClient(inner)|})", "new Calculator.CircuitBreakerClient(circuitBreaker: breaker, inner: inner)")]
    [InlineData("new Calculator.CircuitBreakerClient({|TB0015:(Calculator.IAsync)once|})", "once")]
    [InlineData("new Calculator.CircuitBreakerClient({|TB0015:Calculator.CircuitBreakerClient.Connect(\"a\", 1)|})", "Calculator.CircuitBreakerClient.Connect(\"a\", 1)")]
    [InlineData("new Calculator.CircuitBreakerClient({|TB0015:once ?? new Calculator.CircuitBreakerClient(inner)|}).CircuitBreaker", "(once ?? new Calculator.CircuitBreakerClient(inner)).CircuitBreaker")]
    public Task OneCircuitBreakerClientIsLeft(string before, string after)
        => Test.VerifyAsync(Code(before), Code(after));

    [Theory]
    [InlineData("new Calculator.CircuitBreakerClient({|TB0015:once|}, breaker)")]
    [InlineData("new Calculator.CircuitBreakerClient({|TB0015:new Calculator.CircuitBreakerClient(inner, breaker)|}, breaker)")]
    public Task FixThatWouldLoseSomethingIsNotOffered(string twice) => Test.VerifyOffersAsync([], Code(twice));

    [Fact]
    public Task FixAllLeavesOneCircuitBreakerClient()
        => Test.VerifyAsync(
            Code("new Calculator.CircuitBreakerClient({|TB0015:new Calculator.CircuitBreakerClient({|TB0015:new Calculator.CircuitBreakerClient(inner)|})|})"),
            Code("new Calculator.CircuitBreakerClient(inner)"));

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
