using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// Attributes on the assembly for services of referenced assemblies: type, namespace and accessibility of the client.
/// </summary>
public sealed class AssemblyAttributeTests
{
    private const string Orders =
        """
        namespace Shop
        {
            public partial class Orders
            {
                public interface IAsync { System.Threading.Tasks.Task submit(string item, System.Threading.CancellationToken cancellationToken = default); void ping(); }
                public interface ISync { void submit(string item); }
            }

            public interface IReturns { int Count(string? item); }
        }
        """;

    [Theory]
    [InlineData("Shop.Orders", "OrdersCircuitBreakerClient : global::Shop.Orders.IAsync,")]
    [InlineData("Shop.Orders.IAsync", "OrdersCircuitBreakerClient : global::Shop.Orders.IAsync,")]
    [InlineData("Shop.Orders.ISync", "OrdersCircuitBreakerClient : global::Shop.Orders.ISync,")]
    [InlineData("Shop.IReturns", "ReturnsCircuitBreakerClient : global::Shop.IReturns,")]
    public void ClientIsInTheNamespaceOfTheService(string service, string client)
    {
        foreach (var input in InEitherAssembly(Orders, $"[assembly: ThriftBreaker.CircuitBreaker(typeof({service}), FailMax = 3)]"))
        {
            var text = GeneratorRun.Create(input).Text;

            Assert.Contains("\nnamespace Shop;\n", text, StringComparison.Ordinal);
            Assert.Contains($"\npublic sealed class {client}", text, StringComparison.Ordinal);
            Assert.Contains("FailMax = 3", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ClientOfAGlobalServiceIsInTheGlobalNamespace()
        => Assert.Contains(
            "\npublic sealed class OrdersCircuitBreakerClient : global::Orders.IAsync,",
            Elsewhere("public class Orders { public interface IAsync { void f(); } }", "[assembly: ThriftBreaker.CircuitBreaker(typeof(Orders))]").Text,
            StringComparison.Ordinal);

    [Fact]
    public void ClientOfANestedServiceIsNotNested()
        => Assert.Contains(
            "\npublic sealed class OrdersCircuitBreakerClient : global::Contracts.V1.Orders.IAsync,",
            Elsewhere(
                "public static class Contracts { public struct V1 { public class Orders { public interface IAsync { void f(); } } } }",
                "[assembly: ThriftBreaker.CircuitBreaker(typeof(Contracts.V1.Orders))]").Text,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("internal class Orders { internal interface IAsync { void f(); } }", "Orders")]
    [InlineData("internal class Orders { public interface IAsync { void f(); } }", "Orders")]
    [InlineData("public class Orders { internal interface IAsync { void f(); } }", "Orders")]
    [InlineData("internal class Outer { public class Orders { public interface IAsync { void f(); } } }", "Outer.Orders")]
    [InlineData("internal interface IOrders { void f(); }", "IOrders")]
    public void AccessibleInternalServiceGetsAnInternalClient(string service, string name)
        => Assert.Contains(
            "internal sealed class OrdersCircuitBreakerClient",
            Elsewhere(
                $"[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"Project\")] {service}",
                $"[assembly: ThriftBreaker.CircuitBreaker(typeof({name}))]").Text,
            StringComparison.Ordinal);

    [Fact]
    public void ContractIsReadFromTheReferencedAssembly()
    {
        var run = GeneratorRun.Create(new GeneratorInput("[assembly: ThriftBreaker.CircuitBreaker(typeof(Circuit.Calculators.Calculator))]") { Elsewhere = Contracts.Calculator });

        Assert.Contains("public static CalculatorCircuitBreakerClient Connect(string host, int port)", run.Text, StringComparison.Ordinal);
        Assert.Contains("CreateClient = static protocol => new global::Circuit.Calculators.Calculator.Client(protocol)", run.Text, StringComparison.Ordinal);
        Assert.Contains("note = new(\"note\") { Oneway = true", run.Text, StringComparison.Ordinal);
        Assert.Contains("typeof(global::Circuit.Calculators.DivisionByZero), typeof(global::Circuit.Calculators.Overflow)", run.Text, StringComparison.Ordinal);
        Assert.Contains("[global::System.Obsolete(\"use calculate\")]", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void EmptyInterfaceOverAThriftServiceWrapsItsClient()
    {
        var run = GeneratorRun.Create(new GeneratorInput("[assembly: ThriftBreaker.CircuitBreaker(typeof(ISums))]")
        {
            Elsewhere = [.. Contracts.Calculator, "public interface ISums : Circuit.Calculators.Calculator.IAsync { }"],
        });

        Assert.Contains("CallInvoker<global::Circuit.Calculators.Calculator.IAsync> _calls;", run.Text, StringComparison.Ordinal);
        Assert.Contains("public static SumsCircuitBreakerClient Connect(", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void AnyNumberOfFilesMayNameServices()
    {
        var run = GeneratorRun.Create(new GeneratorInput(
            "using ThriftBreaker; [assembly: CircuitBreaker(typeof(IA)), CircuitBreaker(typeof(IB), FailMax = 2)] [assembly: CircuitBreaker(typeof(IC))]",
            "[assembly: ThriftBreaker.CircuitBreaker(typeof(ID))]",
            "[ThriftBreaker.CircuitBreaker] public interface IE { void f(); }")
        { Elsewhere = ["public interface IA { void f(); } public interface IB { void f(); } public interface IC { void f(); } public interface ID { void f(); }"] });

        Assert.Equal(
            ["IA", "IB", "IC", "ID", "IE"],
            run.Sources.Select(static source => source.HintName.Split('.')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void MethodAttributesMayBeInAnyFile()
    {
        var run = GeneratorRun.Create(new GeneratorInput(
            "[assembly: ThriftBreaker.CircuitBreakerMethod(typeof(Shop.Orders), nameof(Shop.Orders.IAsync.ping), Bypass = true)]",
            "[assembly: ThriftBreaker.CircuitBreaker(typeof(Shop.Orders))]",
            "[assembly: ThriftBreaker.CircuitBreakerMethod(method: \"submit\", service: typeof(Shop.Orders.IAsync), FailMax = 7)]")
        { Elsewhere = [Orders] });

        Assert.Contains("submit = new(\"submit\", null) { CircuitBreakerIndex = 2 }", run.Text, StringComparison.Ordinal);
        Assert.Contains("FailMax = 7", run.Text, StringComparison.Ordinal);
        Assert.Contains("ping = new(\"ping\", null) { CircuitBreakerIndex = 0 }", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void DerivedInterfaceHasSeparateSettings()
        => Assert.Equal(2, GeneratorRun.Create(new GeneratorInput(
            "[assembly: ThriftBreaker.CircuitBreaker(typeof(Shop.Orders))]",
            "[ThriftBreaker.CircuitBreaker(FailMax = 1)] public interface IHastyOrders : Shop.Orders.IAsync { }")
        { Elsewhere = [Orders] }).Sources.Length);

    /// <summary>An application may need other settings than its library for the same service.</summary>
    [Fact]
    public void ServiceMarkedInItsAssemblyMayBeMarkedHereToo()
        => Assert.Single(Elsewhere(
            "[ThriftBreaker.CircuitBreaker] public partial class Orders { public interface IAsync { void f(); } }",
            "[assembly: ThriftBreaker.CircuitBreaker(typeof(Orders))]").Sources);

    [Fact]
    public void AttributeInAReferencedAssemblyGeneratesNothing()
        => Assert.Empty(Elsewhere("[assembly: ThriftBreaker.CircuitBreaker(typeof(IOrders))] public interface IOrders { void f(); }", "class Nothing { }").Sources);

    [Fact]
    public void ReferenceThatIsAlsoGlobalIsSupported()
        => Assert.Single(GeneratorRun.Create(new GeneratorInput("[assembly: ThriftBreaker.CircuitBreaker(typeof(Shop.Orders))]")
        {
            Elsewhere = [Orders],
            Aliases = ["shop", "global"],
        }).Sources);

    private static GeneratorRun Elsewhere(string elsewhere, string text) => GeneratorRun.Create(new GeneratorInput(text) { Elsewhere = [elsewhere] });

    /// <summary>The service compiled elsewhere, and the same service in this project.</summary>
    private static GeneratorInput[] InEitherAssembly(string service, string attributes)
        => [new GeneratorInput(attributes) { Elsewhere = [service] }, new GeneratorInput(attributes, service)];
}
