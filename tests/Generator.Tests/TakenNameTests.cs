using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// The name of a client may be taken. A diagnostic on the user's line reports it, not an error in generated code.
/// </summary>
public sealed class TakenNameTests
{
    private const string Attribute = "[ThriftBreaker.CircuitBreaker] ";
    private const string Iface = "public interface IAsync { System.Threading.Tasks.Task f(); }";
    private const string Client = "public class Client(Thrift.Protocol.TProtocol protocol) : Thrift.TBaseClient(protocol, protocol), IAsync { public System.Threading.Tasks.Task f() => System.Threading.Tasks.Task.CompletedTask; }";

    [Theory]
    [InlineData("public void CircuitBreakerClient() { }", "CircuitBreakerClient", "a member of 'Orders'")]
    [InlineData("public int CircuitBreakerClient { get; set; }", "CircuitBreakerClient", "a member of 'Orders'")]
    [InlineData("public int CircuitBreakerClient = 3;", "CircuitBreakerClient", "a member of 'Orders'")]
    [InlineData("public event System.Action CircuitBreakerClient { add { } remove { } }", "CircuitBreakerClient", "a member of 'Orders'")]
    [InlineData("public class CircuitBreakerClient<T>; public void CircuitBreakerClient() { }", "CircuitBreakerClient", "a member of 'Orders'", "CS0102")]
    [InlineData(Client + " private int CircuitBreakerClient => 3;", "CircuitBreakerClient", "a member of 'Orders'")]
    public void MemberWithTheNameOfTheClientIsTB0004(string member, string name, string owner, params string[] compilerDiagnostics)
        => Assert.Equal(
            [("TB0004", $"Cannot generate a circuit breaker client for 'Orders': its client would be named '{name}', and so is {owner}; rename one of them", "Orders")],
            Reports(new GeneratorInput($"{Attribute} public partial class Orders {{ {Iface} {member} }}") { CompilerDiagnostics = compilerDiagnostics }));

    [Theory]
    [InlineData("public partial class CircuitBreakerClient { " + Iface + " }", "CircuitBreakerClient", "CircuitBreakerClient", "the type that would contain it")]
    [InlineData("public partial class CircuitBreakerClient { " + Iface + Client + " }", "CircuitBreakerClient", "CircuitBreakerClient", "the type that would contain it")]
    public void ServiceClassWithTheNameOfTheClientIsTB0004(string declaration, string service, string name, string owner)
        => Assert.Equal(
            [("TB0004", $"Cannot generate a circuit breaker client for '{service}': its client would be named '{name}', and so is {owner}; rename one of them", service)],
            Reports(new GeneratorInput(Attribute + declaration)));

    [Fact]
    public void MemberOfAContainingTypeWithTheNameOfTheClientIsTB0004()
        => Assert.Equal(
            [("TB0004", "Cannot generate a circuit breaker client for 'IOrders': its client would be named 'OrdersCircuitBreakerClient', and so is a member of 'Shop'; rename one of them", "IOrders")],
            Reports(new GeneratorInput($"public partial class Shop {{ {Attribute} public interface IOrders {{ void f(); }} private static void OrdersCircuitBreakerClient() {{ }} }}")));

    [Theory]
    [InlineData("namespace Shop.OrdersCircuitBreakerClient { public class Any; }", "the namespace 'Shop.OrdersCircuitBreakerClient'")]
    [InlineData("namespace Shop { public delegate void OrdersCircuitBreakerClient(); }", "a type of this project")]
    [InlineData("namespace Shop { public enum OrdersCircuitBreakerClient { One } }", "a type of this project")]
    public void NamespaceOrTypeWithTheNameOfTheClientIsTB0004(string other, string owner)
        => Assert.Equal(
            [("TB0004", $"Cannot generate a circuit breaker client for 'IOrders': its client would be named 'OrdersCircuitBreakerClient', and so is {owner}; rename one of them", "IOrders")],
            Reports(new GeneratorInput($"namespace Shop {{ {Attribute} public interface IOrders {{ void f(); }} }} {other}")));

    [Theory]
    [InlineData("public partial class Orders { " + Iface + " public class CircuitBreakerClient<T>; public void circuitBreakerClient() { } }")]
    [InlineData("public partial class Orders : Base { " + Iface + " } public class Base { private int CircuitBreakerClient => 3; }")]
    [InlineData("public interface IOrders { void CircuitBreakerClient(); void OrdersCircuitBreakerClient(); }")]
    public void SimilarNameThatDoesNotCollideIsAccepted(string declaration)
        => Assert.Single(GeneratorRun.Create(Attribute + declaration).Sources);

    [Theory]
    [InlineData("public interface IOrders<OrdersCircuitBreakerClient> { void f(OrdersCircuitBreakerClient item); }", "IOrders", "OrdersCircuitBreakerClient", "the client itself")]
    [InlineData("public partial class Orders<CircuitBreakerClient> { " + Iface + " }", "Orders", "CircuitBreakerClient", "the client itself")]
    [InlineData("public interface IOrders<_calls> { void f(); } ", "IOrders", "_calls", "a member of the client")]
    [InlineData("public interface IOrders<get_Count> : IBase { void f(); } public interface IBase { int Count { get; } }", "IOrders", "get_Count", "a member of the client")]
    public void TypeParameterWithTheNameOfAMemberOfTheClientIsTB0004(string service, string name, string parameter, string what)
        => Assert.Equal(
            [("TB0004", $"Cannot generate a circuit breaker client for '{name}': its type parameter '{parameter}' is called like {what}; rename it", name)],
            Reports(new GeneratorInput(Attribute + service)));

    [Theory]
    [InlineData("public interface IBase { void Submit(); int Count { get; } event System.Action Changed; } [ThriftBreaker.CircuitBreaker] public interface IOrders<Submit, Count, Changed> : IBase { Submit f(Count a, Changed b); }")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public interface IOrders<call, error, result, inner, fallback, method, value> { call f(error a, result b); System.Threading.Tasks.Task<inner> g(fallback error); void h(method ticket, value result); }", "CS8981")]
    [InlineData("[ThriftBreaker.CircuitBreaker(Scope = ThriftBreaker.CircuitBreakerScope.Method)] public interface IOrders<breakers, settings, other> { breakers f(settings a); System.Collections.Generic.IAsyncEnumerable<other> g(); }", "CS8981")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public interface IOrders { void f<OrdersCircuitBreakerClient, Methods, _calls>(Methods call, _calls a, OrdersCircuitBreakerClient b); }")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public interface IOrders { System.Collections.Generic.IAsyncEnumerable<service> g<service, state, token, _calls, nameof>(state a, token b, service Methods, nameof c); }", "CS8981")]
    public void TypeParameterMayBeNamedLikeAMethodOrAVariable(string text, params string[] compilerDiagnostics)
        => Assert.Single(GeneratorRun.Create(new GeneratorInput(text) { CompilerDiagnostics = compilerDiagnostics }).Sources);

    [Theory]
    [InlineData("public partial class Orders<T> { public interface IAsync : IBase { void g(T item); } } public interface IBase { void f<T>(T item); }", "IBase")]
    [InlineData("public partial class Orders<T> { public interface IAsync : IBase<T> { } } public interface IBase<U> { void f<T>(T item, U other); }", "IBase")]
    public void TypeParameterOfAMethodThatHidesThatOfTheClassIsTB0005(string service, string owner)
        => Assert.Equal(
            [("TB0005", $"'{owner}.f' is not supported: its type parameter 'T' hides that of the service; rename one of them", "f")],
            Reports(new GeneratorInput(Attribute + service)));

    private static IEnumerable<(string Id, string Message, string Text)> Reports(GeneratorInput input) => GeneratorRun.Create(input).Problems.Select(Report.From);
}
