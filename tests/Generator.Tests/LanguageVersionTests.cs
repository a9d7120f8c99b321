using Microsoft.CodeAnalysis.CSharp;
using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>The clients need what the Thrift compiler's own code needs: C# 9.</summary>
public sealed class LanguageVersionTests
{
    [Theory]
    [InlineData(LanguageVersion.CSharp9)]
    [InlineData(LanguageVersion.CSharp10)]
    [InlineData(LanguageVersion.CSharp11)]
    [InlineData(LanguageVersion.Latest)]
    [InlineData(LanguageVersion.Preview)]
    public void TheClientsCompileInEveryVersionThatThriftCodeCompilesIn(LanguageVersion language)
    {
        var run = GeneratorRun.Of(new GeneratorInput(
            [
                .. Contracts.Calculator,
                """
                namespace Circuit.Calculators
                {
                    [ThriftBreaker.CircuitBreaker(Name = "sums", FailMax = 3, ResetTimeoutSeconds = 0.5, SuccessThreshold = 2, ThrowOnTrip = true, Ignore = new[] { typeof(System.IO.IOException) })]
                    [ThriftBreaker.CircuitBreakerMethod("echo", FailMax = 1)]
                    [ThriftBreaker.CircuitBreakerMethod("ping", Bypass = true)]
                    public partial class Calculator { }

                    [ThriftBreaker.CircuitBreaker(Scope = ThriftBreaker.BreakerScope.Method)]
                    public interface IOrders
                    {
                        int Count(string? name = null);

                        System.Threading.Tasks.ValueTask<int> CountAsync();
                    }
                }
                """,
            ])
        { Language = language });

        Assert.Equal(2, run.Sources.Length);
    }
}
