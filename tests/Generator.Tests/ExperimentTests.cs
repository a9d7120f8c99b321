using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// <c>[Experimental]</c> makes every use an error that is not suppressed. The client of an experimental service is
/// experimental too, and the uses in generated code report no error.
/// </summary>
public sealed class ExperimentTests
{
    private const string Experiment = "[System.Diagnostics.CodeAnalysis.Experimental(\"TEST1\", UrlFormat = \"https://example.org/{0}\")] ";
    private const string Repeated = "[global::System.Diagnostics.CodeAnalysis.Experimental(\"TEST1\", UrlFormat = \"https://example.org/{0}\")]";
    private const string Attribute = "[ThriftBreaker.CircuitBreaker] ";
    private const string Client = "public class Client(Thrift.Protocol.TProtocol protocol) : Thrift.TBaseClient(protocol, protocol), IAsync { public System.Threading.Tasks.Task f() => System.Threading.Tasks.Task.CompletedTask; }";

    [Theory]
    [InlineData(Experiment + Attribute + "public interface IOrders { void f(); }")]
    [InlineData(Experiment + Attribute + "public partial class Orders { public interface IAsync { System.Threading.Tasks.Task f(); } " + Client + " }")]
    [InlineData(Attribute + "public partial class Orders { " + Experiment + "public interface IAsync { System.Threading.Tasks.Task f(); } }")]
    [InlineData(Experiment + "public class Contracts { " + Attribute + "public interface IOrders { void f(); } }")]
    [InlineData("#pragma warning disable TEST1\n" + Attribute + "public interface IOrders : IBase; " + Experiment + "public interface IBase { void f(); }")]
    [InlineData("#pragma warning disable TEST1\n[assembly: ThriftBreaker.CircuitBreaker(typeof(IOrders))] " + Experiment + "public interface IOrders { void f(); }")]
    public void ClientOfAnExperimentalServiceIsExperimental(string text)
    {
        var lines = GeneratorRun.Create(text).Text.Split('\n').Select(static line => line.Trim()).ToArray();
        var classes = lines.Count(static line => line.Contains(" sealed class ", StringComparison.Ordinal));

        Assert.Equal(classes, lines.Count(static line => line == Repeated));
    }

    [Fact]
    public void UseOfAnExperimentalClientIsAnError()
    {
        var input = new GeneratorInput(Experiment + Attribute + "public interface IOrders { void f(); }", "public static class Shop { public static void Use(OrdersCircuitBreakerClient? client) { } }") { IsBroken = true };
        var project = input.Compile().AddSyntaxTrees(GeneratorRun.Create(input).Sources.Select(static source => source.SyntaxTree));

        Assert.Equal(["TEST1"], project.GetDiagnostics(TestContext.Current.CancellationToken).Where(static error => error.Severity == DiagnosticSeverity.Error).Select(static error => error.Id).Distinct());
    }

    /// <summary>The user suppresses the diagnostic; generated code suppresses all of them.</summary>
    [Theory]
    [InlineData("void f(Trial a);")]
    [InlineData("System.Threading.Tasks.Task<Trial> f();")]
    [InlineData("void f<T>(T a) where T : Trial;")]
    [InlineData("Trial f { get; } void g();")]
    public void ExperimentalTypeInASignatureIsNoErrorInGeneratedCode(string member)
        => GeneratorRun.Create(new GeneratorInput(
            $$"""
            #pragma warning disable TEST1
            {{Experiment}} public class Trial;
            {{Attribute}} public interface IOrders { {{member}} }
            """)
        { CompilerDiagnostics = ["TEST1"] });

    [Fact]
    public void ExperimentOfAnotherProjectIsNoErrorInGeneratedCode()
        => GeneratorRun.Create(new GeneratorInput("#pragma warning disable TEST1\n" + Attribute + "public interface IOrders : IElsewhere;")
        {
            Elsewhere = ["[assembly: System.Diagnostics.CodeAnalysis.Experimental(\"TEST1\")] public interface IElsewhere { void f(); }"],
            CompilerDiagnostics = ["TEST1"],
        });
}
