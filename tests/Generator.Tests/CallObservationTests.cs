using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// TB0017 and TB0018: what the circuit breaker does not observe of a call that it protects. Both say what counts.
/// </summary>
public sealed class CallObservationTests
{
    private const string Types =
        """
        public class Options { public CancellationToken Token { get; set; } }
        public class MoreOptions : Options { }
        public struct Holder { public CancellationToken? Token; }
        public interface IContext { CancellationToken Aborted { get; } }
        public class Private { internal CancellationToken Token { get; set; } public static CancellationToken Shared => default; public void Set(CancellationToken token) { } }
        public class Later { }
        public class Later<T> { }
        public struct Plain { public int Number; public Task Unrelated() => Task.CompletedTask; }
        public class Message : Thrift.Protocol.TBase
        {
            public CancellationToken Token { get; set; }
            public Task ReadAsync(Thrift.Protocol.TProtocol protocol, CancellationToken token) => Task.CompletedTask;
            public Task WriteAsync(Thrift.Protocol.TProtocol protocol, CancellationToken token) => Task.CompletedTask;
        }
        public delegate Task Start();
        public static class Awaiting
        {
            public static System.Runtime.CompilerServices.TaskAwaiter GetAwaiter(this Later later) => default;
            public static System.Runtime.CompilerServices.TaskAwaiter<T> GetAwaiter<T>(this Later<T> later) => default;
            public static System.Runtime.CompilerServices.TaskAwaiter GetAwaiter(this TimeSpan time) => default;
        }
        """;

    [Theory]
    [InlineData("Task g(CancellationToken a, CancellationToken b = default);", "'b'")]
    [InlineData("void g(CancellationToken b, int c, CancellationToken? a);", "'a'")]
    [InlineData("IAsyncEnumerable<int> g(CancellationToken? a, CancellationToken b);", "'b'")]
    [InlineData("ValueTask<int> g(in CancellationToken a, in CancellationToken b);", "'b'")]
    public void OnlyTheLastOfSeveralTokensIsObserved(string member, string last)
        => Assert.Equal(
            [("TB0017", $"A call of 'IOrders.g' that its caller cancels can count as a failure: the circuit breaker observes only the last token, {last}; have one token, to which callers link the others", "g")],
            Reports(member));

    [Theory]
    [InlineData("Task g(CancellationToken[] a);")]
    [InlineData("Task g(params CancellationToken[] a);")]
    [InlineData("Task<int> g(List<CancellationToken> a);")]
    [InlineData("int g((CancellationToken, int) a);")]
    [InlineData("void g(CancellationTokenSource a);")]
    [InlineData("Task g(Options a);")]
    [InlineData("Task g(MoreOptions a);")]
    [InlineData("Task g(Holder a);")]
    [InlineData("Task g(Holder? a);")]
    [InlineData("Task g(in Holder a);")]
    [InlineData("Task g(IContext a);")]
    public void TokenInsideOfAnArgumentIsNotObserved(string member)
        => Assert.Equal(
            [("TB0017", "A call of 'IOrders.g' that its caller cancels can count as a failure: the circuit breaker does not observe the token in 'a'; add a parameter of the type CancellationToken", "g")],
            Reports(member));

    [Fact]
    public void TokenInsideOfAnArgumentCanBeLinked()
        => Assert.Equal(
            [("TB0017", "A call of 'IOrders.g' that its caller cancels can count as a failure: the circuit breaker does not observe the token in 'a'; link it to 'b'", "g")],
            Reports("Task g(Options a, CancellationToken b);"));

    [Theory]
    [InlineData("Task g(CancellationToken a);")]
    [InlineData("Task g(CancellationToken? a);")]
    [InlineData("Task g(out CancellationToken a, CancellationToken b);")]
    [InlineData("Task g(Func<CancellationToken, Task> a, CancellationToken b);")]
    [InlineData("Task g(Private a);")]
    [InlineData("Task g(Message a);")]
    [InlineData("Task g(OperationCanceledException a);")]
    [InlineData("Task g(int a, string b, object c, Plain d);")]
    public void ObservedTokensAreNotReported(string member) => Assert.Empty(Reports(member));

    [Theory]
    [InlineData("Later g();", "Later", "its result")]
    [InlineData("Later<string> g();", "Later<string>", "its result")]
    [InlineData("Task<Later> g();", "Later", "its result")]
    [InlineData("Task<Task<int>> g();", "Task<int>", "its result")]
    [InlineData("ValueTask<ValueTask> g();", "ValueTask", "its result")]
    [InlineData("Lazy<Task> g();", "Task", "its result")]
    [InlineData("Task[] g();", "Task", "its result")]
    [InlineData("(int, Task) g();", "Task", "its result")]
    [InlineData("Dictionary<string, List<Task<int>[]>> g();", "Task<int>", "its result")]
    [InlineData("Func<Task> g();", "Func<Task>", "its result")]
    [InlineData("Task<Start> g();", "Start", "its result")]
    [InlineData("Task<IAsyncEnumerable<int>> g();", "IAsyncEnumerable<int>", "its result")]
    [InlineData("IAsyncEnumerable<Task<int>> g();", "Task<int>", "its result")]
    [InlineData("IObservable<int> g();", "IObservable<int>", "its result")]
    [InlineData("Task<IObservable<int>?> g();", "IObservable<int>", "its result")]
    [InlineData("IAsyncResult g(int a);", "IAsyncResult", "its result")]
    [InlineData("Task<T> g<T>() where T : Task;", "T", "its result")]
    [InlineData("bool g(out Task a);", "Task", "'a'")]
    [InlineData("void g(out IObservable<int> a);", "IObservable<int>", "'a'")]
    public void ResultThatGoesOnIsNotObserved(string member, string part, string place)
        => Assert.Equal(
            [("TB0018", $"A call of 'IOrders.g' can count as a success although it fails later: the circuit breaker does not observe the '{part}' in {place}; return a Task, a ValueTask or an IAsyncEnumerable of values", "g")],
            Reports(member));

    [Theory]
    [InlineData("Task g();")]
    [InlineData("Task<TimeSpan> g();")]
    [InlineData("Task<Plain> g(Task a);")]
    [InlineData("IAsyncEnumerable<string> g();")]
    [InlineData("Task<Message> g();")]
    [InlineData("Task<List<Message>> g(ref Plain a);")]
    [InlineData("Func<int> g();")]
    [InlineData("Task<T> g<T>();")]
    [InlineData("dynamic g(); ")]
    public void CompleteResultIsNotReported(string member) => Assert.Empty(Reports(member));

    /// <summary>C# awaits the object only where the extension is in scope.</summary>
    [Fact]
    public void ExtensionThatIsNotInScopeDoesNotCount()
        => Assert.Empty(GeneratorRun.Create(
            "public class Later { } namespace Elsewhere { public static class Awaiting { public static System.Runtime.CompilerServices.TaskAwaiter GetAwaiter(this Later later) => default; } }",
            "[ThriftBreaker.CircuitBreaker] public interface IOrders { Later g(); }").Problems);

    [Fact]
    public void MethodThatBypassesTheCircuitBreakerIsNotReported()
        => Assert.Empty(GeneratorRun.Create(
            Usings,
            "[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod(\"g\", Bypass = true)] public interface IOrders { void f(); Task<Task> g(CancellationToken a, CancellationToken b); }").Problems);

    /// <summary>The declaration is in another assembly, and the extension is in scope at the attribute.</summary>
    [Fact]
    public void ServiceOfAnotherAssemblyIsReportedAtItsAttribute()
        => Assert.Equal(
            [
                ("TB0018", "A call of 'IOrders.f' can count as a success although it fails later: the circuit breaker does not observe the 'Later' in its result; return a Task, a ValueTask or an IAsyncEnumerable of values", "typeof(IOrders)"),
                ("TB0017", "A call of 'IOrders.g' that its caller cancels can count as a failure: the circuit breaker observes only the last token, 'b'; have one token, to which callers link the others", "typeof(IOrders)"),
            ],
            GeneratorRun.Create(new GeneratorInput("[assembly: ThriftBreaker.CircuitBreaker(typeof(IOrders))]")
            {
                Elsewhere = [Usings + Types + "public interface IOrders { Later f(); Task g(CancellationToken a, CancellationToken b); }"],
            }).Problems.Select(Report.From).OrderBy(static report => report.Message, StringComparer.Ordinal));

    private const string Usings = "global using System; global using System.Collections.Generic; global using System.Threading; global using System.Threading.Tasks;\n";

    private static IEnumerable<(string Id, string Message, string Text)> Reports(string member)
        => GeneratorRun.Create(Usings, Types, $"[ThriftBreaker.CircuitBreaker] public interface IOrders {{ void f(); {member} }}").Problems.Select(Report.From);
}
