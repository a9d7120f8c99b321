using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>The generated code for services whose methods do not all share one circuit breaker.</summary>
public sealed class CircuitSnapshots
{
    [Fact]
    public void MethodsWithTheirOwnSettings() => Snapshot.Verify(GeneratorRun.Create(
        [
            """
            using System.Threading.Tasks;
            using ThriftBreaker;

            namespace Shop;

            [CircuitBreaker(FailMax = 3)]
            [CircuitBreakerMethod(nameof(IOrders.Submit), FailMax = 1, FailOn = new[] { typeof(System.IO.IOException) })]
            [CircuitBreakerMethod(nameof(IOrders.Ping), Bypass = true)]
            [CircuitBreakerMethod(nameof(IOrders.Echo))]
            public interface IOrders
            {
                Task Submit(string item);

                Task Ping();

                Task<string> Echo(string text);

                Task<int> Count();
            }
            """,
        ]));

    [Fact]
    public void ConnectWithServiceAndMethodCircuitBreakers() => Snapshot.Verify(GeneratorRun.Create(
        [
            .. Contracts.MyService,
            """
            using ThriftBreaker;

            namespace Circuit.Example;

            [CircuitBreaker(FailMax = 3)]
            [CircuitBreakerMethod(nameof(MyService.IAsync.doSomething), FailMax = 1)]
            public partial class MyService;
            """,
        ]));

    [Fact]
    public void OneCircuitPerMethod() => Snapshot.Verify(GeneratorRun.Create(
        [
            .. Contracts.MyService,
            """
            using ThriftBreaker;

            namespace Circuit.Example;

            [CircuitBreaker(Scope = CircuitBreakerScope.Method, FailMax = 3)]
            public partial class MyService;
            """,
        ]));

    [Fact]
    public void BypassedMethodBesideOneCircuit() => Snapshot.Verify(GeneratorRun.Create(
        [
            .. Contracts.MyService,
            """
            using ThriftBreaker;

            namespace Circuit.Example;

            [CircuitBreaker]
            [CircuitBreakerMethod("ping", Bypass = true)]
            public interface IMine : MyService.IAsync { System.Threading.Tasks.Task ping(); }
            """,
        ]));

    [Fact]
    public void OverloadsShareTheCircuitOfTheirName() => Snapshot.Verify(GeneratorRun.Create(
        """
        using System.Threading;
        using System.Threading.Tasks;
        using ThriftBreaker;

        namespace Shop;

        public interface IBase
        {
            int Count(string name);

            ValueTask<string?> Find(int number, CancellationToken token = default);

            void Ping(CancellationToken token);
        }

        [CircuitBreaker(Scope = CircuitBreakerScope.Method)]
        [CircuitBreakerMethod(nameof(IOrders.Count), SuccessThreshold = 2)]
        [CircuitBreakerMethod(nameof(IOrders.Ping), Bypass = true)]
        public interface IOrders : IBase
        {
            int Count();

            void @event();

            ValueTask Submit(string? text);
        }
        """));
}
