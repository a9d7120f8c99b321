using Microsoft.CodeAnalysis.CSharp;
using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// TB0002 to TB0005: unsupported services and members are reported on the user's line, with a remedy.
/// </summary>
public sealed class RefusalTests
{
    private const string Attribute = "[ThriftBreaker.CircuitBreaker] ";
    private const string Service = "{ public interface IAsync { System.Threading.Tasks.Task submit(); } }";

    [Theory]
    [InlineData(
        "public partial class Orders { public class Client { } }", "Orders",
        "'Orders' is marked with [CircuitBreaker], but no nested interface Iface, IAsync or ISync was found in it; mark the partial class that the Thrift compiler generated (same namespace, same name), or mark an interface")]
    [InlineData(
        "public partial class Orders { public interface IAsync { } }", "Orders",
        "'Orders' is marked with [CircuitBreaker], but 'IAsync' declares no method and inherits none; there is nothing to guard")]
    [InlineData(
        "public interface IOrders : System.IDisposable { }", "IOrders",
        "'IOrders' is marked with [CircuitBreaker], but 'IOrders' declares no method and inherits none; there is nothing to guard")]
    public void AttributeWithoutAServiceIsTB0002(string declaration, string culprit, string message)
        => Assert.Equal([("TB0002", message, culprit)], Reports(Attribute + declaration));

    [Theory]
    [InlineData(Attribute + "public class Orders " + Service, "Orders", "Orders")]
    [InlineData("public class Outer { " + Attribute + "public partial class Orders " + Service + " }", "Outer", "Orders")]
    [InlineData("public class Outer { public partial class Middle { " + Attribute + "public partial class Orders " + Service + " } }", "Outer", "Orders")]
    public void ClassThatIsNotPartialIsTB0003(string text, string culprit, string service)
        => Assert.Equal(
            [("TB0003", $"'{culprit}' must be partial, so that the circuit breaker client of '{service}' can be generated into it; add the modifier 'partial'", culprit)],
            Reports(text));

    [Theory]
    [InlineData(Attribute + "file interface IOrders { void f(); }", "IOrders", "it is local to its file; make it internal or public")]
    [InlineData(
        "public class Outer { " + Attribute + "private interface IOrders { void f(); } }", "IOrders",
        "it cannot be seen outside the type that contains it; make it internal or public, or make the containing types partial")]
    [InlineData(
        "public class Outer { private class Middle { " + Attribute + "public interface IOrders { void f(); } } }", "IOrders",
        "it cannot be seen outside the type that contains it; make it internal or public, or make the containing types partial")]
    public void InaccessibleTypeIsTB0004(string text, string culprit, string reason)
        => Assert.Equal([("TB0004", $"Cannot generate a circuit breaker client for '{culprit}': {reason}", culprit)], Reports(text));

    [Theory]
    [InlineData(Attribute + "public interface IOrders { void f(); } " + Attribute + "public interface Orders { void f(); }", "Orders", "IOrders")]
    [InlineData(
        "public class A { " + Attribute + "public interface IOrders { void f(); } } public class B { " + Attribute + "public interface IOrders { void f(); } }",
        "IOrders", "A.IOrders")]
    public void SecondServiceWithTheSameClientNameIsTB0004(string text, string culprit, string first)
        => Assert.Equal(
            [("TB0004", $"Cannot generate a circuit breaker client for '{culprit}': its client would be named 'OrdersCircuitBreakerClient', and so is that of '{first}'; rename one of them", culprit)],
            Reports(text));

    [Theory]
    [InlineData("namespace A { " + Attribute + "public interface IOrders { void f(); } } namespace B { " + Attribute + "public interface IOrders { void f(); } }")]
    [InlineData("public partial class A { " + Attribute + "public interface IOrders { void f(); } } public partial class B { " + Attribute + "public interface IOrders { void f(); } }")]
    [InlineData(Attribute + "public interface IOrders { void f(); } public interface Orders { void f(); }")]
    [InlineData(Attribute + "public interface IOrders { void f(); } " + Attribute + "public partial class Orders " + Service)]
    public void SameNameInTwoScopesIsSupported(string text) => Assert.Empty(Reports(text));

    [Theory]
    [InlineData(LanguageVersion.CSharp8, "8.0")]
    [InlineData(LanguageVersion.CSharp7_3, "7.3")]
    public void LanguageOlderThanTheClientIsTB0004(LanguageVersion language, string version)
    {
        var run = GeneratorRun.Create(new GeneratorInput(Attribute + "public interface IOrders { void f(); }") { Language = language, IsBroken = true });

        Assert.Equal(
            ("TB0004", $"Cannot generate a circuit breaker client for 'IOrders': its project is compiled as C# {version}, and the client is C# 9; set <LangVersion> to 9.0 or later", "IOrders"),
            Report.From(Assert.Single(run.Problems)));
        Assert.Empty(run.Sources);
    }

    [Theory]
    [InlineData("unsafe void g(int* item);", "g", "g", "pointers are not supported; pass values")]
    [InlineData("unsafe int* g();", "g", "g", "pointers are not supported; pass values")]
    [InlineData("unsafe void g(delegate*<void> item);", "g", "g", "pointers are not supported; pass values")]
    [InlineData("unsafe void g(int*[] items);", "g", "g", "pointers are not supported; pass values")]
    [InlineData("unsafe void g(System.Collections.Generic.List<int*[]> items);", "g", "g", "pointers are not supported; pass values")]
    [InlineData("unsafe int* Item { get; }", "Item", "Item", "pointers are not supported; pass values")]
    [InlineData("void g(ref dynamic item);", "g", "g", "a dynamic argument by reference would be bound at run time; name its type")]
    [InlineData("ref int g(in dynamic item);", "g", "g", "a dynamic argument by reference would be bound at run time; name its type")]
    [InlineData("ref int this[in dynamic item] { get; }", "this[]", "this", "a dynamic argument by reference would be bound at run time; name its type")]
    [InlineData("void g(out dynamic item);", "g", "g", "a dynamic argument by reference would be bound at run time; name its type")]
    [InlineData("System.Collections.Generic.IAsyncEnumerable<int> g(ref int item);", "g", "g", "a stream is read after the call has returned, when references and spans are gone; pass values")]
    [InlineData("System.Collections.Generic.IAsyncEnumerable<int> g(out int item);", "g", "g", "a stream is read after the call has returned, when references and spans are gone; pass values")]
    [InlineData("System.Collections.Generic.IAsyncEnumerable<int> g(System.ReadOnlySpan<int> items);", "g", "g", "a stream is read after the call has returned, when references and spans are gone; pass values")]
    [InlineData("int Item { get; init; }", "Item", "Item", "a wrapper cannot set what may be set only while an object is made; make it 'set', or leave it out")]
    [InlineData("int Item { get; protected set; }", "Item", "Item", "a wrapper cannot call a protected member; make it public")]
    [InlineData("protected int Item { get; }", "Item", "Item", "a wrapper cannot call a protected member; make it public")]
    [InlineData("protected event System.Action Changed;", "Changed", "Changed", "a wrapper cannot call a protected member; make it public")]
    [InlineData("static abstract void g();", "g", "g", "a static member has no object that could be wrapped; remove it from the interface")]
    [InlineData("static abstract IOrders operator +(IOrders left, IOrders right);", "op_Addition", "+", "a static member has no object that could be wrapped; remove it from the interface")]
    [InlineData("static abstract int Count { get; }", "Count", "Count", "a static member has no object that could be wrapped; remove it from the interface")]
    [InlineData("protected void g();", "g", "g", "a wrapper cannot call a protected member; make it public")]
    [InlineData("private protected void g();", "g", "g", "a wrapper cannot call a protected member; make it public")]
    [InlineData(
        "void g(int item); [System.Runtime.CompilerServices.OverloadResolutionPriority(1)] void g(int item, string text = \"\");", "g", "g",
        "an overload of a higher [OverloadResolutionPriority] would be called in its place; give both the same, or another name")]
    public void UnsupportedMemberIsTB0005(string member, string name, string culprit, string reason)
        => Assert.Equal(
            [("TB0005", $"'IOrders.{name}' is not supported: {reason}", culprit)],
            Reports(Attribute + $"public interface IOrders {{ void f(); {member} }}"));

    [Fact]
    public void MemberOfAnotherProjectIsReportedAtTheServiceType()
        => Assert.Equal(
            [("TB0005", "'INumberBase.Abs' is not supported: a static member has no object that could be wrapped; remove it from the interface", "IOrders")],
            Reports(Attribute + "public interface IOrders : System.Numerics.INumberBase<int> { void f(); }").Take(1));

    [Fact]
    public void TypeParameterThatHidesOneOfTheServiceIsTB0005()
        => Assert.Equal(
            [("TB0005", "'IBase.f' is not supported: its type parameter 'T' hides that of the service; rename one of them", "f")],
            Reports($"public interface IBase {{ void f<T>(T item); }} {Attribute} public interface IOrders<T> : IBase {{ void g(T item); void h<U>(U item) where U : T; }}"));

    [Theory]
    [InlineData("void Put(T item); void Put(string item);", "Put", "Put(string)")]
    [InlineData("void Put(string item); void Put(T item);", "Put", "Put(string)")]
    [InlineData("T Get(T key, int number); int Get(string key, int number);", "Get", "Get(string, int)")]
    [InlineData("void Put<U>(T item, U other); void Put<V>(string item, V other);", "Put", "Put<V>(string, V)")]
    [InlineData("void Put(System.Collections.Generic.List<T> items); void Put(System.Collections.Generic.List<string> items);", "Put", "Put(List<string>)")]
    [InlineData("int this[T key] { get; } int this[string key] { get; set; }", "this[]", "this[string]")]
    public void MembersWithTheSameSignatureAfterSubstitutionAreTB0005(string members, string name, string signature)
    {
        const string Reason = "with these type arguments 'IStore<string>' has two members '{0}', and no class can implement them separately; rename one of them";
        var store = $"public interface IStore<T> {{ void f(); {members} }}";
        var message = $"'IStore.{name}' is not supported: {string.Format(System.Globalization.CultureInfo.InvariantCulture, Reason, signature)}";

        Assert.Equal(
            [("TB0005", message)],
            Reports($"{store} {Attribute} public interface IOrders : IStore<string> {{ }}").Where(static report => report.Id != "TB0009").Select(static report => (report.Id, report.Message)));
        Assert.Equal(
            [("TB0005", message, "typeof(IStore<string>)")],
            Reports($"[assembly: ThriftBreaker.CircuitBreaker(typeof(IStore<string>))] {store}").Where(static report => report.Id != "TB0009"));
        Assert.DoesNotContain("TB0005", Reports($"{store} {Attribute} public interface IOrders<T> : IStore<T> {{ }}").Select(static report => report.Id));
    }

    [Theory]
    [InlineData("public interface IStore<T> { void Put(T item); void Put(in string item); }", "IStore<string>")]
    [InlineData("public interface IStore<T> { void Put(T item); void Put<U>(string item); }", "IStore<string>")]
    [InlineData("public interface IStore<T> { void Put(T item); } public interface IMore { void Put(string item); }", "IStore<string>, IMore")]
    public void MembersWithDifferentSignaturesAreGuarded(string bases, string list)
        => Assert.Empty(Reports($"{bases} {Attribute} public interface IOrders : {list} {{ }}"));

    [Theory]
    [InlineData("[ThriftBreaker.CircuitBreaker] public partial class Orders { [ThriftBreaker.CircuitBreaker(FailMax = 7)] public interface IAsync { void f(); } }", "IAsync")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public partial class Orders { public interface IAsync { void f(); } [ThriftBreaker.CircuitBreaker(FailMax = 7)] public interface Iface { void f(); } }", "Iface")]
    public void AttributeOnAClassAppliesBeforeThatOnItsInterface(string text, string marked)
    {
        var run = GeneratorRun.Create(text);

        Assert.Equal(
            [("TB0013", $"'{marked}' already has a [CircuitBreaker] attribute, where 'Orders' is declared; write all its settings in one attribute", "ThriftBreaker.CircuitBreaker(FailMax = 7)")],
            run.Problems.Select(Report.From));
        Assert.DoesNotContain("FailMax", run.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[ThriftBreaker.CircuitBreaker] public partial class Orders { public interface IAsync { void f(); } [ThriftBreaker.CircuitBreaker] public interface ISync { void f(); } }")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public partial class Orders { public interface IAsync { void f(); } [ThriftBreaker.CircuitBreaker] public interface IMine : IAsync; }")]
    public void OtherInterfaceOfTheClassIsAnotherService(string text)
    {
        var run = GeneratorRun.Create(text);

        Assert.Empty(run.Problems);
        Assert.Equal(2, run.Sources.Length);
    }

    [Fact]
    public void InternalMemberOfAnotherProjectIsTB0005()
        => Assert.Equal(
            [
                ("TB0005", "'IElsewhere.g' is not supported: it is internal to 'Elsewhere'; make it public, or the internals visible to this project", "IOrders"),
                ("TB0005", "'IElsewhere.P' is not supported: it is internal to 'Elsewhere'; make it public, or the internals visible to this project", "IOrders"),
            ],
            GeneratorRun.Create(new GeneratorInput(Attribute + "public interface IOrders : IElsewhere { void f(); }")
            {
                Elsewhere = ["public interface IElsewhere { internal void g() { } int P { get => 3; internal set { } } }"],
            }).Problems.Select(Report.From));

    [Fact]
    public void AccessibleInternalMemberIsGuarded()
        => Assert.Empty(GeneratorRun.Create(new GeneratorInput(Attribute + "public interface IOrders : IElsewhere { void f(); }")
        {
            Elsewhere = ["[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"Project\")] public interface IElsewhere { internal void g(); }"],
        }).Problems);

    [Fact]
    public void AllMistakesAreReportedTogether()
        => Assert.Equal(
            [("TB0003", "Orders"), ("TB0005", "Item"), ("TB0005", "g")],
            Reports(Attribute + "public class Orders { public interface IAsync { void f(); int Item { get; init; } protected void g(); } }")
                .Select(static report => (report.Id, report.Text)));

    [Fact]
    public void AttributeOnTwoPartsIsReportedOnce()
        => Assert.Equal(["TB0002", "TB0013"], GeneratorRun.Create(Attribute + "public partial class Orders { }", Attribute + "public partial class Orders { }").Problems.Select(static problem => problem.Id));

    [Theory]
    [InlineData("public partial struct Orders { }")]
    [InlineData("public enum Orders { One }")]
    [InlineData("public delegate void Orders();")]
    public void AttributeThatTheCompilerRejectsIsNotReported(string declaration)
        => Assert.Empty(GeneratorRun.Create(new GeneratorInput(Attribute + declaration) { CompilerDiagnostics = ["CS0592"] }).Problems);

    private static IEnumerable<(string Id, string Message, string Text)> Reports(string text)
        => GeneratorRun.Create(new GeneratorInput(text)).Problems.Select(Report.From);
}
