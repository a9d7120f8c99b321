using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// Interfaces that derive from others. In each run the compiler asserts that every member is implemented.
/// </summary>
public sealed class InheritanceTests
{
    [Fact]
    public void TwoBasesMayDeclareTheSameMethod() => Snapshot.Verify(GeneratorRun.Create(
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
    [InlineData("interface IA { void f<T>(T a); } interface IB { void f<U>(U b); }", "IA, IB", 2)]
    [InlineData("interface IA { void f(dynamic a, (int A, int B) b, string? c); } interface IB { void f(object a, (int, int) b, string c); }", "IA, IB", 2)]
    [InlineData("interface IA { void f(in int a); } interface IB { void f(ref int a); } interface IC { void f(int a); }", "IA, IB, IC", 3)]
    [InlineData("interface IA { T? f<T>(T? a); T? g<T>(T? a) where T : class; T? h<T>(T? a) where T : struct; T? i<T>(T? a) where T : Base; T? j<T>(T? a) where T : notnull; T? k<T, U>(U? a, T? b) where T : U; } interface IB { T? f<T>(T? a); T? g<T>(T? a) where T : class; T? h<T>(T? a) where T : struct; T? i<T>(T? a) where T : Base; T? j<T>(T? a) where T : notnull; T? k<T, U>(U? a, T? b) where T : U; } class Base { }", "IA, IB", 12)]
    [InlineData("interface IA { void f<T>() where T : System.IDisposable, new(); } interface IB { void f<T>() where T : struct; }", "IA, IB", 2)]
    [InlineData("interface IA<T> { void f<U>(U? a) where U : T; U g<U>() where U : class, T; }", "IA<string>", 2)]
    [InlineData("interface IA<T> { void f<U>(U a) where U : T; }", "IA<int>, IA<object>", 2)]
    [InlineData("interface IA { void f(string a, [System.Runtime.CompilerServices.CallerMemberName] string b = \"\", params int[] c); } interface IB { void f(string a, [System.Runtime.CompilerServices.CallerMemberName] string b = \"\", params int[] c); }", "IA, IB", 2)]
    [InlineData("interface IA { [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(\"a\")] string? f([System.Diagnostics.CodeAnalysis.AllowNull] string a); } interface IB { string f(string a); }", "IB, IA", 2)]
    [InlineData("interface IA { protected internal void f(); internal void g() { } }", "IA", 2)]
    [InlineData("interface IA { void f(); void Dispose(int now); }", "IA, System.IDisposable, System.IAsyncDisposable", 2)]
    [InlineData("interface IA { void f(); void Dispose(); System.Threading.Tasks.ValueTask DisposeAsync(); }", "IA, System.IDisposable", 3)]
    public void EveryMethodOfEveryBaseIsGuardedOnce(string bases, string list, int methods)
    {
        var run = GeneratorRun.Create($"{bases} [ThriftBreaker.CircuitBreaker] interface IOrders : {list} {{ }}");

        Assert.Equal(methods, run.Text.Split(", null)").Length - 1);
    }

    [Theory]
    [InlineData("interface IA { static abstract int Count { get; } } interface IB : IA { static int IA.Count => 3; }", "IB")]
    [InlineData("interface IA { static abstract void g(); } interface IB : IA { static void IA.g() { } } interface IC : IA { }", "IC, IB")]
    [InlineData("interface IA { static abstract void g(); } interface IB : IA { static void IA.g() { } } interface IC : IB { static void IA.g() { } }", "IB, IC")]
    [InlineData("interface IA { static abstract event System.Action E; } interface IB : IA { static event System.Action IA.E { add { } remove { } } }", "IB")]
    [InlineData("interface IA<T> where T : IA<T> { static abstract T operator +(T left, T right); } interface IB : IA<IB> { static IB IA<IB>.operator +(IB left, IB right) => left; }", "IB")]
    [InlineData("interface IA<T> { static abstract T g(T item); } interface IB : IA<int>, IA<string> { static int IA<int>.g(int item) => item; static string IA<string>.g(string item) => item; }", "IB")]
    [InlineData("interface IA { static virtual void g() { } } interface IB : IA { static abstract void IA.g(); } interface IC : IB { static void IA.g() { } }", "IC")]
    public void StaticMemberWithABodyInABaseIsIgnored(string bases, string list)
        => Assert.Empty(GeneratorRun.Create($"{bases} [ThriftBreaker.CircuitBreaker] interface IOrders : {list} {{ void f(); }}").Problems);

    [Fact]
    public void StaticMemberWithABodyInTheServiceIsIgnored()
        => Assert.Empty(GeneratorRun.Create("interface IA { static abstract int Count { get; } } [ThriftBreaker.CircuitBreaker] interface IOrders : IA { static int IA.Count => 3; void f(); }").Problems);

    [Theory]
    [InlineData("interface IA { static abstract void g(); } interface IB : IA { static void IA.g() { } } interface IC : IA { static void IA.g() { } }", "IB, IC")]
    [InlineData("interface IA { static virtual void g() { } } interface IB : IA { static abstract void IA.g(); }", "IB")]
    [InlineData("interface IA { static abstract void g(); } interface IB : IA { static void IA.g() { } } interface IC : IB { static abstract void IA.g(); }", "IC")]
    [InlineData("interface IA<T> { static abstract T g(T item); } interface IB : IA<int>, IA<string> { static int IA<int>.g(int item) => item; }", "IB")]
    public void StaticMemberWithoutABodyIsTB0005(string bases, string list)
        => Assert.Equal(
            [("TB0005", "'IA.g' is not supported: a static member has no object that could be wrapped; remove it from the interface", "g")],
            GeneratorRun.Create($"{bases} [ThriftBreaker.CircuitBreaker] interface IOrders : {list} {{ void f(); }}").Problems.Select(Report.From));

    [Fact]
    public void InterfaceThatDeclaresMethodsIsWrapped()
        => Assert.Contains(
            "CallInvoker<global::IOrders> _calls;",
            GeneratorRun.Create("public interface IBase { void f(); } [ThriftBreaker.CircuitBreaker] public interface IOrders : IBase { void g(); }").Text,
            StringComparison.Ordinal);

    [Fact]
    public void EmptyInterfaceWrapsItsBase()
        => Assert.Contains(
            "CallInvoker<global::IBase> _calls;",
            GeneratorRun.Create("public interface IBase { void f(); } [ThriftBreaker.CircuitBreaker] public interface IOrders : IBase { }").Text,
            StringComparison.Ordinal);
}
