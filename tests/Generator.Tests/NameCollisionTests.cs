using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>Contracts may use any name. Every run asserts that the generated code compiles.</summary>
public sealed class NameCollisionTests
{
    public static TheoryData<string> MemberNames { get; } =
    [
        "CircuitBreaker", "CircuitBreakerClient", "Connect", "DefaultOptions", "Dispose", "DisposeAsync", "Methods", "Service", "ServiceType", "WithPipeline",
        "GetCircuitBreaker", "get_CircuitBreaker", "get_DefaultOptions", "_calls", "nameof",
        "Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "ReferenceEquals", "ToString",
        "OrdersCircuitBreakerClient", "IAsync", "send_submit", "OpenTransportAsync",
    ];

    public static TheoryData<string> ParameterNames { get; } =
    [
        "Methods", "CircuitBreakerClient", "_calls", "_", "argument", "call", "call_", "error", "result", "service", "service_", "token", "state", "var", "value",
        "CircuitBreaker", "Item1", "Rest", "submit", "nameof",
    ];

    [Theory]
    [MemberData(nameof(MemberNames))]
    public void MethodMayBeNamedLikeAMemberOfTheClient(string name)
    {
        GeneratorRun.Create(ThriftService($"Task<int> {name}(int number, CancellationToken cancellationToken = default)", "Task.FromResult(number)"));
        GeneratorRun.Create($"[ThriftBreaker.CircuitBreaker] public interface IOrders {{ int {name}(); string {name}(string text); void {name}(params object[] all); }}");
    }

    [Theory]
    [MemberData(nameof(ParameterNames))]
    public void ParameterMayBeNamedLikeAnIdentifierOfItsMethod(string name)
    {
        GeneratorRun.Create(ThriftService($"Task<int> submit(int {name}, int other, CancellationToken cancellationToken = default)", $"Task.FromResult({name})"));
        GeneratorRun.Create(ThriftService($"Task submit(string other, CancellationToken {name} = default)", "Task.CompletedTask"));
        GeneratorRun.Create($"[ThriftBreaker.CircuitBreaker] public interface IOrders {{ int Submit(int {name}, int result_ = 1); }}");
    }

    [Theory]
    [MemberData(nameof(MemberNames))]
    public void SeparatelyGuardedMethodMayBeNamedLikeAMemberOfTheClient(string name)
    {
        GeneratorRun.Create(new GeneratorInput($"[ThriftBreaker.CircuitBreaker(Scope = ThriftBreaker.CircuitBreakerScope.Method)] public interface IOrders {{ int {name}(); string {name}(string text); void f(); }}"));
        GeneratorRun.Create($"[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod(\"{name}\")] public interface IOrders {{ int {name}(); string {name}(string text); void _calls_{name}(); }}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("Scope = ThriftBreaker.CircuitBreakerScope.Method")]
    public void ServiceMayHaveAMethodNamedLikeAnOperator(string settings)
        => GeneratorRun.Create(new GeneratorInput(
            $"[ThriftBreaker.CircuitBreaker({settings})] public partial class Orders {{ public static int nameof(object o) => 1; public static int @typeof(object o) => 1; public interface IAsync {{ System.Threading.Tasks.Task f(int a); int g(); }} }}"));

    [Theory]
    [MemberData(nameof(ParameterNames))]
    public void ParameterMayBeNamedLikeAnIdentifierOfASeparatelyGuardedMethod(string name)
        => GeneratorRun.Create($"[ThriftBreaker.CircuitBreaker(Scope = ThriftBreaker.CircuitBreakerScope.Method)] public interface IOrders {{ int Submit(int {name}, int result_ = 1); void submit(string {name}); }}");

    [Theory]
    [InlineData("System")]
    [InlineData("Task")]
    [InlineData("Exception")]
    [InlineData("Type")]
    [InlineData("ThriftBreaker")]
    [InlineData("TimeSpan")]
    [InlineData("CircuitBreaker")]
    [InlineData("CircuitBreakerOptions")]
    [InlineData("IDisposable")]
    [InlineData("CallInvoker")]
    [InlineData("GuardedCall")]
    [InlineData("CallerContext")]
    [InlineData("ThriftMethod")]
    [InlineData("var")]
    public void TypeMayBeNamedLikeATypeThatTheClientUses(string name)
        => GeneratorRun.Create(new GeneratorInput(
            $$"""
            namespace Shop
            {
                public class {{name}} { }

                [global::ThriftBreaker.CircuitBreaker]
                public partial class Orders
                {
                    public interface IAsync
                    {
                        global::System.Threading.Tasks.Task<{{name}}> submit({{name}} item, global::System.Threading.CancellationToken cancellationToken = default);
                        int count({{name}}[] items);
                        bool find(in {{name}} key, out {{name}} item);
                    }
                }

                [global::ThriftBreaker.CircuitBreaker]
                public interface IOrders : Orders.IAsync;
            }
            """)
        { CompilerDiagnostics = name == "var" ? ["CS8981"] : [] });

    [Fact]
    public void MethodsMayDifferOnlyInCase()
        => GeneratorRun.Create("[ThriftBreaker.CircuitBreaker] public interface IOrders { void submit(); void Submit(); void SUBMIT(); }");

    [Fact]
    public void OverloadMayBeNamedLikeANumberedOverload()
        => GeneratorRun.Create("[ThriftBreaker.CircuitBreaker] public interface IOrders { void f(); void f(int a); void f2(); void f22(); void f(long a); }");

    private static string ThriftService(string method, string result)
        => $$"""
        using System.Threading;
        using System.Threading.Tasks;

        namespace Shop
        {
            [ThriftBreaker.CircuitBreaker]
            public partial class Orders
            {
                public interface IAsync { {{method}}; }

                public class Client(Thrift.Protocol.TProtocol protocol) : Thrift.TBaseClient(protocol, protocol), IAsync { public {{method}} => {{result}}; }
            }

            [ThriftBreaker.CircuitBreaker]
            public interface IOrders : Orders.IAsync;
        }
        """;
}
