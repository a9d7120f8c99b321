using Microsoft.CodeAnalysis.CSharp;
using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// Interface features since C# 13, which the compiler that the generator is built against does not have.
/// </summary>
public sealed class NewestLanguageTests
{
    [Fact]
    public void CompilerIsNewerThanTheReference() => Assert.True(LanguageVersion.Latest.MapSpecifiedToEffectiveVersion() >= LanguageVersion.CSharp14);

    [Theory]
    [InlineData("int Sum(params System.ReadOnlySpan<int> numbers);")]
    [InlineData("int Count(params System.Collections.Generic.IReadOnlyList<int> numbers);")]
    [InlineData("T Echo<T>(T value) where T : allows ref struct;")]
    [InlineData("string Describe<T, TOther>(scoped T value, TOther other) where T : System.IDisposable, allows ref struct;")]
    [InlineData("[System.Runtime.CompilerServices.OverloadResolutionPriority(1)] void Put(string text); [System.Runtime.CompilerServices.OverloadResolutionPriority(1)] void Put(object text);")]
    [InlineData("partial int Part { get; } partial int Part { get => 3; }")]
    [InlineData("event System.Action? Changed { add { } remove { } }")]
    public void MemberOfANewerLanguageIsGenerated(string member)
        => Assert.Contains("class OrdersCircuitBreakerClient", GeneratorRun.Create($"[ThriftBreaker.CircuitBreaker] public partial interface IOrders {{ void Submit(); {member} }}").Text, StringComparison.Ordinal);

    [Fact]
    public void ExtensionsOfTheServiceAreNotItsMembers()
        => Assert.DoesNotContain("Twice", GeneratorRun.Create(
            """
            [ThriftBreaker.CircuitBreaker] public interface IOrders { void Submit(); }
            public static class Extensions { extension(IOrders orders) { public void Twice() { orders.Submit(); orders.Submit(); } } }
            """).Text, StringComparison.Ordinal);
}
