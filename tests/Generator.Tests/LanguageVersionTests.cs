using Microsoft.CodeAnalysis.CSharp;
using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>The clients require C# 9, like the code that the Thrift compiler generates.</summary>
public sealed class LanguageVersionTests
{
    [Theory]
    [InlineData(LanguageVersion.CSharp9)]
    [InlineData(LanguageVersion.CSharp10)]
    [InlineData(LanguageVersion.CSharp11)]
    [InlineData(LanguageVersion.Latest)]
    [InlineData(LanguageVersion.Preview)]
    public void ClientsCompileInEveryLanguageVersionOfThriftCode(LanguageVersion language)
    {
        var run = GeneratorRun.Create(new GeneratorInput(
            [
                .. Contracts.Calculator,
                """
                namespace Circuit.Calculators
                {
                    [ThriftBreaker.CircuitBreaker(Name = "sums", FailMax = 3, ResetTimeoutSeconds = 0.5, SuccessThreshold = 2, ThrowOnTrip = true, Ignore = new[] { typeof(System.IO.IOException) })]
                    [ThriftBreaker.CircuitBreakerMethod("echo", FailMax = 1)]
                    [ThriftBreaker.CircuitBreakerMethod("ping", Bypass = true)]
                    public partial class Calculator { }

                    public interface IBase
                    {
                        ref readonly int Find<T>(T? id);

                        T? Other<T>(T? id) where T : struct;
                    }

                    [ThriftBreaker.CircuitBreaker(Scope = ThriftBreaker.CircuitBreakerScope.Method)]
                    public interface IOrders : IBase
                    {
                        int Count(string? name = null);

                        System.Threading.Tasks.ValueTask<int> CountAsync();

                        bool TryFind<T>(in int id, ref string? name, out T? found) where T : class;

                        new ref readonly int Find<T>(T? id);

                        System.Threading.Tasks.Task<int> ReserveAsync(out int number);

                        System.Collections.Generic.IAsyncEnumerable<T?> ListAsync<T>(int first, string state, System.Threading.CancellationToken token);

                        int Size { get; set; }

                        string this[int id] { get; }

                        event System.Action? Changed;
                    }
                }
                """,
            ])
        { Language = language });

        Assert.Equal(2, run.Sources.Length);
    }
}
