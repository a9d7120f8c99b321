using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// The output of Thrift compilers before 0.14: a synchronous interface, Begin_ and End_ pairs, and in later versions
/// tasks too. Calls are guarded; pairs are forwarded without a guard, and each is reported.
/// </summary>
public sealed class OldCompilerTests
{
    private const string Half = "is not protected by the circuit breaker: a Begin_ and its End_ are one call in two halves; the task or the synchronous method is guarded";
    private const string Sync = "public interface ISync { int add(int a, int b); }";
    private const string Halves = "public interface IAsync { System.IAsyncResult Begin_add(System.AsyncCallback callback, object state, int a, int b); int End_add(System.IAsyncResult asyncResult); }";
    private const string Tasks = "public interface IAsync { System.Threading.Tasks.Task<int> addAsync(int a, int b); }";

    /// <summary>Returns the outcome of each call while the circuit is open.</summary>
    private delegate string Run(CircuitBreaker breaker);

    [Theory]
    [InlineData(Sync, "ISync")]
    [InlineData(Sync + "public interface Iface : ISync { }", "Iface")]
    [InlineData(Sync + Tasks + "public interface Iface : ISync, IAsync { }", "Iface")]
    [InlineData(Sync + Tasks, "IAsync")]
    [InlineData(Sync + Halves + "public interface Iface : ISync, IAsync { }", "Iface", "Begin_add", "End_add")]
    public void CallsAreGuardedAndBeginEndPairsAreReported(string interfaces, string guarded, params string[] halves)
    {
        var run = GeneratorRun.Create($"[ThriftBreaker.CircuitBreaker] public partial class Calc {{ {interfaces} }}");

        Assert.Contains($"class CircuitBreakerClient : global::Calc.{guarded}, ", run.Text, StringComparison.Ordinal);
        Assert.Equal(halves.Select(static half => ("TB0009", $"'IAsync.{half}' {Half}", half)), run.Problems.Select(Report.From));
    }

    [Fact]
    public void ServiceOfBeginEndPairsOnlyIsTB0002()
        => Assert.Equal(
            [("TB0002", "'Calc' is marked with [CircuitBreaker], but 'IAsync' has only methods that are forwarded without a circuit breaker; there is nothing to guard", "Calc")],
            GeneratorRun.Create($"[ThriftBreaker.CircuitBreaker] public partial class Calc {{ {Halves} {Sync} }}").Problems.Select(Report.From));

    [Theory]
    [InlineData("public class InternalStructs { public class addArgs : TBase; public class addResult : TBase { public int Success { get; set; } public Lost? Lost { get; set; } } public class fireArgs : TBase; }")]
    [InlineData("public class addArgs : TBase; public class addResult : TBase { public int Success { get; set; } public Lost? Lost { get; set; } } public class fireArgs : TBase;")]
    [InlineData("public class add_args : TBase; public class add_result : TBase { public int Success { get; set; } public Lost? Lost { get; set; } } public class fire_args : TBase;")]
    public void ExceptionsAndOnewayAreReadFromTheStructs(string structs)
    {
        var text = GeneratorRun.Create(ServiceWith(structs)).Text;

        Assert.Contains("addAsync = new(\"add\", typeof(global::Lost)) { MemberName = \"addAsync\" }", text, StringComparison.Ordinal);
        Assert.Contains("fireAsync = new(\"fire\") { MemberName = \"fireAsync\", Oneway = true }", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("public class addArgs; public class addAsyncArgs; public class add_args; public class fireArgs : System.EventArgs;")]
    [InlineData("public class InternalStructs { } public class addResult : TBase { public Lost? Lost { get; set; } }")]
    public void ClassThatIsNotAMessageIsNoStructOfTheContract(string others)
    {
        var text = GeneratorRun.Create(ServiceWith(others)).Text;

        Assert.Contains("addAsync = new(\"addAsync\", null)", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Oneway", text, StringComparison.Ordinal);
    }

    [Fact]
    public void BeginEndPairIsForwardedWhileTheCallIsRejected()
    {
        using var code = LoadedCode.Create(
            $$"""
            using System;
            using System.Threading.Tasks;

            [ThriftBreaker.CircuitBreaker]
            public partial class Calc
            {
                {{Sync}} {{Halves}} public interface Iface : ISync, IAsync { }

                public sealed class Handler : Iface
                {
                    public int add(int a, int b) => a + b;
                    public IAsyncResult Begin_add(AsyncCallback callback, object state, int a, int b) => Task.FromResult(a + b);
                    public int End_add(IAsyncResult asyncResult) => ((Task<int>)asyncResult).Result;
                }
            }

            public static class Scenario
            {
                public static string Run(ThriftBreaker.CircuitBreaker breaker)
                {
                    var client = new Calc.CircuitBreakerClient(new Calc.Handler(), breaker);
                    breaker.Open();
                    var halves = client.End_add(client.Begin_add(null!, null!, 1, 2));
                    try { return $"{halves} {client.add(1, 2)}"; }
                    catch (ThriftBreaker.CircuitOpenException) { return $"{halves} rejected"; }
                }
            }
            """);

        Assert.Equal("3 rejected", code.Method<Run>("Scenario", "Run")(new CircuitBreaker()));
    }

    /// <summary>
    /// A service as compilers up to 0.14 generate it, with classes next to its interface; each <c>TBase</c> is a
    /// message.
    /// </summary>
    private static string[] ServiceWith(string classes)
        => [
            $"using Thrift.Protocol; [ThriftBreaker.CircuitBreaker] public partial class Calc {{ public interface IAsync {{ System.Threading.Tasks.Task<int> addAsync(int a, System.Threading.CancellationToken cancellationToken = default); System.Threading.Tasks.Task fireAsync(string? text, System.Threading.CancellationToken cancellationToken = default); }} {classes.Replace(": TBase", ": Message, TBase", StringComparison.Ordinal)} }}",
            """
            using System.Threading;
            using System.Threading.Tasks;
            using Thrift.Protocol;

            public class Lost : Thrift.TException, TBase
            {
                public Task ReadAsync(TProtocol tProtocol, CancellationToken cancellationToken) => Task.CompletedTask;
                public Task WriteAsync(TProtocol tProtocol, CancellationToken cancellationToken) => Task.CompletedTask;
            }

            public class Message
            {
                public Task ReadAsync(TProtocol tProtocol, CancellationToken cancellationToken) => Task.CompletedTask;
                public Task WriteAsync(TProtocol tProtocol, CancellationToken cancellationToken) => Task.CompletedTask;
            }
            """,
        ];
}
