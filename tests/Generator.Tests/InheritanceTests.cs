using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>Interfaces built from others. That every member is implemented is what the compiler asserts in each run.</summary>
public sealed class InheritanceTests
{
    [Fact]
    public void TwoBasesMayDeclareTheSameMethod() => Snapshot.Verify(GeneratorRun.Of(
        """
        using System.Threading.Tasks;

        public interface IEast { Task<int> CountAsync(); }

        public interface IWest { Task<int> CountAsync(); }

        [ThriftBreaker.CircuitBreaker]
        public interface IOrders : IEast, IWest { }
        """));

    [Theory]
    [InlineData("interface IA { void f(); } interface IB : IA { } interface IC : IA { }", "IB, IC", 1)]
    [InlineData("interface IA { void f(); } interface IB : IA { new void f(); }", "IB", 2)]
    [InlineData("interface IA { void f(); } interface IB : IA { new int f(); }", "IB", 2)]
    [InlineData("interface IA { void f(); } interface IB { int f(); } interface IC { string f(); }", "IA, IB, IC", 3)]
    [InlineData("interface IA<T> { void f(T item); }", "IA<int>, IA<string>", 2)]
    [InlineData("interface IA<T> { T f(); }", "IA<int>, IA<string?>", 2)]
    [InlineData("interface IA { void f() { } }", "IA", 1)]
    [InlineData("interface IA { void f(); } interface IB : IA { void IA.f() { } }", "IB", 1)]
    [InlineData("interface IA { void f() { } } interface IB : IA { abstract void IA.f(); }", "IB", 1)]
    [InlineData("interface IA { internal void f(); }", "IA", 1)]
    [InlineData("interface IA { void f(); sealed void g() { } private void h() { } static void i() { } static virtual void j() { } class Nested { } const int k = 1; }", "IA", 1)]
    [InlineData("interface IA { void f(); void Dispose(int now); }", "IA, System.IDisposable, System.IAsyncDisposable", 2)]
    [InlineData("interface IA { void f(); void Dispose(); System.Threading.Tasks.ValueTask DisposeAsync(); }", "IA, System.IDisposable", 3)]
    public void EveryMethodOfEveryBaseIsGuardedOnce(string bases, string list, int methods)
    {
        var run = GeneratorRun.Of($"{bases} [ThriftBreaker.CircuitBreaker] interface IOrders : {list} {{ }}");

        Assert.Equal(methods, run.Text.Split("new global::ThriftBreaker.Calls.MethodContract(").Length - 1);
    }

    [Fact]
    public void AnInterfaceWithMethodsOfItsOwnIsWrappedItself()
        => Assert.Contains(
            "private readonly global::IOrders _inner;",
            GeneratorRun.Of("public interface IBase { void f(); } [ThriftBreaker.CircuitBreaker] public interface IOrders : IBase { void g(); }").Text,
            StringComparison.Ordinal);

    [Fact]
    public void AnInterfaceThatAddsNothingWrapsTheOneItDerivesFrom()
        => Assert.Contains(
            "private readonly global::IBase _inner;",
            GeneratorRun.Of("public interface IBase { void f(); } [ThriftBreaker.CircuitBreaker] public interface IOrders : IBase { }").Text,
            StringComparison.Ordinal);
}
