using CsCheck;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using ThriftBreaker.Analyzers;
using ThriftBreaker.Generator.Tests.Harness;
using ThriftBreaker.Generator.Tests.RandomServices;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// Incomplete code, as in an editor: correct files with tokens removed, doubled, swapped or cut off. Neither the
/// generator nor an analyzer throws, and a generated file has an error only if a file of the user has one too.
/// </summary>
public sealed class BrokenTokenTests
{
    private static readonly DiagnosticAnalyzer[] Analyzers = [new CircuitBreakerAnalyzer(), new UnguardedClientAnalyzer(), new GuardedTwiceAnalyzer(), new SharedClientAnalyzer()];

    /// <summary>One correct file for each kind of attribute and service.</summary>
    private static readonly string[] Fine =
    [
        """
        using System.Threading;
        using System.Threading.Tasks;
        using Thrift;
        using Thrift.Protocol;

        namespace Shop;

        public class Lost : TException { }

        [ThriftBreaker.CircuitBreaker(FailMax = 3, Exclude = new[] { typeof(Lost) }), ThriftBreaker.CircuitBreakerMethod(nameof(IAsync.find), FailMax = 1)]
        public partial class Orders
        {
            public interface IAsync { Task<string> find(int @event, string text = "a", CancellationToken cancellationToken = default); Task ping(); }

            public class Client(TProtocol protocol) : TBaseClient(protocol, protocol), IAsync
            {
                public Task<string> find(int @event, string text = "a", CancellationToken cancellationToken = default) => Task.FromResult(text + @event);
                public Task ping() => Task.CompletedTask;
            }

            public class InternalStructs { public class find_args { } public class find_result { public Lost Lost { get; set; } = null!; } public class ping_args { } }
        }

        public static class Shop
        {
            public static async Task Use(TProtocol protocol)
            {
                var bare = new Orders.Client(protocol);
                await Task.WhenAll(bare.ping(), bare.ping());
                await new Orders.CircuitBreakerClient(new Orders.CircuitBreakerClient(bare)).ping();
                foreach (var text in new[] { "a" }) { _ = bare.find(1, text); }
            }
        }
        """,
        """
        using System.Collections.Generic;
        using System.Threading.Tasks;

        [assembly: ThriftBreaker.CircuitBreaker(typeof(Shop.IStore<>), Name = "store", Scope = ThriftBreaker.CircuitBreakerScope.Method)]
        [assembly: ThriftBreaker.CircuitBreakerMethod(typeof(Shop.IStore<>), "Find", Bypass = true)]

        namespace Shop
        {
            public enum Color { Red, Green }

            public interface IBase<T> { void Put(T item); void Put(string item); static abstract int Count { get; } }

            public interface IStore<T> : IBase<T>
                where T : class, new()
            {
                static int IBase<T>.Count => 3;
                Task<T?> Find<U>(U key, params int[] more) where U : struct;
                ValueTask<(int Id, string? Name)> Name(in decimal price = 3.5m, Color color = Color.Green);
                IAsyncEnumerable<T> All();
                ref readonly int Cell(ref int a, out string b);
                int this[string key] { get; set; }
                event System.Action<T>? Changed;
            }
        }
        """,
        """
        #nullable enable
        public partial class Outer<T>
            where T : System.IComparable<T>
        {
            [System.Obsolete("gone"), ThriftBreaker.CircuitBreaker(FailureRatio = 0.5, MinimumThroughput = 10, ResetTimeoutSeconds = 0.5)]
            protected internal interface IOrders<in TKey> : System.IDisposable
            {
                [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))] string? Echo(string? text);
                void f(TKey key, T item, dynamic anything, System.ReadOnlySpan<byte> bytes);
                System.IAsyncResult Begin_g(System.AsyncCallback callback, object state);
                void End_g(System.IAsyncResult result);
                protected internal int Count { get => 3; set { } }
                unsafe void h(int[]? numbers = null);
            }
        }
        """,
    ];

    private static readonly Gen<string> Broken = Gen.OneOf(Pick.OneOf(Fine), RandomService.Any.Select(static service => service.Text))
        .SelectMany(static text =>
        {
            SyntaxToken[] tokens = [.. CSharpSyntaxTree.ParseText(text).GetRoot().DescendantTokens().Where(static token => token.Span.Length > 0)];
            return Gen.Select(Gen.Int[0, 3], Gen.Int[0, tokens.Length - 1], Gen.Int[0, tokens.Length - 1]).Array[1, 3].Select(cuts => cuts.Aggregate(text, (broken, cut) => Cut(broken, cut.Item1, cut.Item2, cut.Item3)));
        });

    /// <summary>With an error in the original, any error in generated code would be accepted.</summary>
    [Fact]
    public void OriginalFilesCompile()
        => Assert.All(Fine, static text =>
        {
            var input = new GeneratorInput(text);
            var driver = input.Driver().RunGeneratorsAndUpdateCompilation(input.Compile(), out var project, out _, TestContext.Current.CancellationToken);

            Assert.Single(driver.GetRunResult().GeneratedTrees);
            Assert.DoesNotContain(project.GetDiagnostics(TestContext.Current.CancellationToken), static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        });

    [Fact]
    public void NothingThrowsAndGeneratedCodeHasNoErrorAlone()
        => Broken.Sample(
            static text =>
            {
                var input = new GeneratorInput(text) { IsBroken = true };
                var driver = input.Driver().RunGeneratorsAndUpdateCompilation(input.Compile(), out var project, out var reported, TestContext.Current.CancellationToken);
                Assert.Null(driver.GetRunResult().Results.Single().Exception);
                Assert.Empty(reported);

                var diagnostics = project
                    .WithAnalyzers([.. Analyzers], new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), OnException, concurrentAnalysis: false, logAnalyzerExecutionTime: false))
                    .GetAllDiagnosticsAsync(TestContext.Current.CancellationToken).GetAwaiter().GetResult();
                Assert.DoesNotContain("AD0001", diagnostics.Select(static diagnostic => diagnostic.Id));

                Diagnostic[] errors = [.. diagnostics.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];
                var generated = errors.Where(static error => IsGenerated(error.Location)).ToArray();
                Assert.True(generated.Length == 0 || errors.Length > generated.Length, $"Only the generated file has errors:\n{string.Join<Diagnostic>('\n', generated)}\n\n{text}");
            },
            iter: TestRun.Times(quick: 150, @long: 10_000),
            threads: 1);

    private static void OnException(Exception exception, DiagnosticAnalyzer analyzer, Diagnostic diagnostic)
        => throw new InvalidOperationException($"{analyzer.GetType().Name} threw.", exception);

    private static bool IsGenerated(Location location) => location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true;

    private static string Cut(string text, int kind, int first, int second)
    {
        SyntaxToken[] tokens = [.. CSharpSyntaxTree.ParseText(text).GetRoot().DescendantTokens().Where(static token => token.Span.Length > 0)];
        if (tokens.Length == 0)
        {
            return text;
        }

        var (one, other) = (tokens[first % tokens.Length], tokens[second % tokens.Length]);
        return kind switch
        {
            0 => text[..one.SpanStart],
            1 => text.Remove(one.SpanStart, one.Span.Length),
            2 => text.Insert(one.Span.End, " " + one.Text),
            _ => text.Remove(one.SpanStart, one.Span.Length).Insert(one.SpanStart, other.Text),
        };
    }
}
