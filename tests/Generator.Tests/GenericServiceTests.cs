using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// Services with type parameters, which the client has too. Every run asserts that the client compiles.
/// </summary>
public sealed class GenericServiceTests
{
    private const string Attribute = "[ThriftBreaker.CircuitBreaker] ";

    [Fact]
    public void GenericInterface() => Snapshot.Verify(GeneratorRun.Create(
        """
        using System.Threading.Tasks;

        namespace Shop;

        public interface IKey { }

        [ThriftBreaker.CircuitBreaker]
        public interface IStore<in TKey, TItem>
            where TKey : notnull, IKey
            where TItem : class, new()
        {
            Task<TItem?> FindAsync(TKey key);
        }
        """));

    [Theory]
    [InlineData("IOrders<T> { T f(T item); }", "OrdersCircuitBreakerClient<T>")]
    [InlineData("IOrders<T> where T : class { T? f(T? item = null); }", "OrdersCircuitBreakerClient<T>")]
    [InlineData("IOrders<T> where T : class? { T f(T item); }", "OrdersCircuitBreakerClient<T>")]
    [InlineData("IOrders<T> where T : struct { T? f(T item = default); }", "OrdersCircuitBreakerClient<T>")]
    [InlineData("IOrders<T> where T : unmanaged, System.Enum { T f(T? item); }", "OrdersCircuitBreakerClient<T>")]
    [InlineData("IOrders<T> where T : notnull { T f(T item); }", "OrdersCircuitBreakerClient<T>")]
    [InlineData("IOrders<T> where T : System.IComparable<T>?, System.IDisposable, new() { T f(System.Collections.Generic.List<T> items); }", "OrdersCircuitBreakerClient<T>")]
    [InlineData("IOrders<T> where T : System.Exception? { T? f(T? item); }", "OrdersCircuitBreakerClient<T>")]
    [InlineData("IOrders<out T> { T f(); T? g(); }", "OrdersCircuitBreakerClient<T>")]
    [InlineData("IOrders<@class, U> where U : @class { U f(@class item); }", "OrdersCircuitBreakerClient<@class, U>")]
    [InlineData("IOrders<T> : System.Collections.Generic.IComparer<T> { }", "OrdersCircuitBreakerClient<T>")]
    public void ClientOfAGenericInterfaceHasItsTypeParameters(string service, string client)
        => Assert.Contains($"public sealed class {client} : ", GeneratorRun.Create($"{Attribute} public interface {service}").Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("public partial class Orders<T> where T : class", "public interface IAsync { System.Threading.Tasks.Task<T> f(); }")]
    [InlineData("public partial record Orders<T, U> where T : class", "public interface IAsync { T f(U item); }")]
    public void ClientOfAGenericServiceClassIsNestedInIt(string declaration, string service)
        => Assert.Contains("    public sealed class CircuitBreakerClient : ", GeneratorRun.Create($"namespace Shop {{ {Attribute} {declaration} {{ {service} }} }}").Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("public partial class Outer<T> where T : struct", "OrdersCircuitBreakerClient<U> : global::Outer<T>.IOrders<U>")]
    [InlineData("public class Outer<T> where T : struct", "OrdersCircuitBreakerClient<T, U> : global::Outer<T>.IOrders<U>")]
    [InlineData("public partial interface Outer<in T>", "OrdersCircuitBreakerClient<T, U> : global::Outer<T>.IOrders<U>")]
    [InlineData("public partial interface Outer<T>", "OrdersCircuitBreakerClient<U> : global::Outer<T>.IOrders<U>")]
    public void ClientHasTheTypeParametersOfTheTypesAroundTheService(string outer, string client)
        => Assert.Contains(client, GeneratorRun.Create($"{outer} {{ {Attribute} public interface IOrders<U> where U : class {{ void f(T a, U b); }} }}").Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("IStore<>", "StoreCircuitBreakerClient<T> : global::Shop.IStore<T>")]
    [InlineData("IStore<string>", "StoreCircuitBreakerClient : global::Shop.IStore<string>")]
    [InlineData("IStore<string?>", "StoreCircuitBreakerClient : global::Shop.IStore<string?>")]
    [InlineData("IStore<IStore<int[]>>", "StoreCircuitBreakerClient : global::Shop.IStore<global::Shop.IStore<int[]>>")]
    [InlineData("IStore<(int Id, string? Name)>", "StoreCircuitBreakerClient : global::Shop.IStore<(int Id, string? Name)>")]
    [InlineData("Orders<>", "OrdersCircuitBreakerClient<T> : global::Shop.Orders<T>.IAsync")]
    [InlineData("Orders<int>", "OrdersCircuitBreakerClient : global::Shop.Orders<int>.IAsync")]
    [InlineData("Orders<int>.IAsync", "OrdersCircuitBreakerClient : global::Shop.Orders<int>.IAsync")]
    [InlineData("Orders<>.IMore<>", "MoreCircuitBreakerClient<T, U> : global::Shop.Orders<T>.IMore<U>")]
    [InlineData("Orders<string>.IMore<int>", "MoreCircuitBreakerClient : global::Shop.Orders<string>.IMore<int>")]
    public void AssemblyAttributeMayNameAnOpenOrClosedType(string service, string client)
        => Assert.Contains(
            client,
            GeneratorRun.Create(new GeneratorInput($"using Shop; [assembly: ThriftBreaker.CircuitBreaker(typeof({service}))]")
            {
                Elsewhere =
                [
                    """
                    namespace Shop
                    {
                        public interface IStore<T> { System.Threading.Tasks.Task<T?> FindAsync(T? item, T other); }
                        public class Orders<T> { public interface IAsync { T f(); } public interface IMore<U> where U : new() { U f(T item); } }
                    }
                    """,
                ],
            }).Text,
            StringComparison.Ordinal);

    [Fact]
    public void ClientWithAnInternalTypeArgumentIsInternal()
        => Assert.Contains(
            "internal sealed class StoreCircuitBreakerClient : global::IStore<global::Order[]>",
            GeneratorRun.Create(new GeneratorInput("[assembly: ThriftBreaker.CircuitBreaker(typeof(IStore<Order[]>))] internal class Order { }") { Elsewhere = ["public interface IStore<T> { T Find(); }"] }).Text,
            StringComparison.Ordinal);

    [Fact]
    public void NamesWithDifferentTypeParameterCountsDoNotCollide()
        => Assert.Equal(4, GeneratorRun.Create(
            $"{Attribute} public interface IStore {{ void f(); }} {Attribute} public interface IStore<T> {{ void f(); }} {Attribute} public interface IStore<T, U> {{ void f(); }} public class Outer<T> {{ {Attribute} public interface IStore<U, V> {{ void f(); }} }}")
            .Sources.Select(static source => source.HintName).Distinct(StringComparer.OrdinalIgnoreCase).Count());

    [Theory]
    [InlineData("IStore<int>", "IStore<string>", "IStore")]
    [InlineData("Store", "IStore<string>", "Store")]
    public void TwoServicesWithTheSameClientNameAreTB0004(string first, string second, string claimant)
        => Assert.Equal(
            ("TB0004", $"Cannot generate a circuit breaker client for 'IStore': its client would be named 'StoreCircuitBreakerClient', and so is that of '{claimant}'; derive an interface of another name from it, and mark that", $"typeof({second})"),
            Report.From(Assert.Single(GeneratorRun.Create(
                $"[assembly: ThriftBreaker.CircuitBreaker(typeof({first})), ThriftBreaker.CircuitBreaker(typeof({second}))] public interface IStore<T> {{ T f(); }} public interface Store {{ void f(); }}").Problems)));

    [Theory]
    [InlineData("public interface IOrders<CircuitBreaker> { void f(CircuitBreaker item); }", "its type parameter 'CircuitBreaker' is called like a member of the client; rename it")]
    [InlineData("public interface IOrders<_calls> { void f(_calls item); }", "its type parameter '_calls' is called like a member of the client; rename it")]
    public void TypeParameterWithTheNameOfAMemberIsTB0004(string service, string reason)
        => Assert.Equal(
            [("TB0004", $"Cannot generate a circuit breaker client for 'IOrders': {reason}", "IOrders")],
            GeneratorRun.Create(Attribute + service).Problems.Select(Report.From));

    [Fact]
    public void TypeParametersThatHideEachOtherAreTB0004()
        => Assert.Equal(
            [("TB0004", "Cannot generate a circuit breaker client for 'IOrders': two type parameters around it are called 'T'; rename one of them", "IOrders")],
            GeneratorRun.Create(new GeneratorInput($"public partial class Outer<T> {{ {Attribute} public interface IOrders<T> {{ void f(T item); }} }}") { CompilerDiagnostics = ["CS0693"] })
                .Problems.Select(Report.From));

    [Fact]
    public void FileLocalTypeArgumentIsTB0004()
        => Assert.Equal(
            ["TB0004"],
            GeneratorRun.Create("[assembly: ThriftBreaker.CircuitBreaker(typeof(IStore<Order>))] file class Order { } public interface IStore<T> { T f(); }").Problems.Select(static problem => problem.Id));

    [Theory]
    [InlineData("record")]
    [InlineData("partial")]
    [InlineData("required")]
    [InlineData("scoped")]
    [InlineData("field")]
    [InlineData("file")]
    [InlineData("where")]
    [InlineData("await")]
    [InlineData("var")]
    public void TypeParameterMayBeNamedLikeAKeyword(string name)
        => GeneratorRun.Create(
            $"{Attribute} public interface IStore<@{name}> {{ @{name} Get(); System.Threading.Tasks.Task<@{name}?> Find(@{name}[] items, int number); @{name} Only {{ get; }} }}",
            $"{Attribute} public partial class Orders<@{name}> {{ public interface IAsync {{ @{name} Get(); U Of<U>() where U : System.Collections.Generic.IEnumerable<@{name}>; }} }}");

    [Fact]
    public void GenericClientMayHaveCircuitBreakersPerMethod()
        => GeneratorRun.Create("[ThriftBreaker.CircuitBreaker(Scope = ThriftBreaker.CircuitBreakerScope.Method)] public interface IOrders<T> { System.Threading.Tasks.Task<T> f(T Methods, T _calls); int f(); }");
}
