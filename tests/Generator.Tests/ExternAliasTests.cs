using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// Generated code names types from <c>global::</c>, where references with only an alias are missing. A diagnostic
/// reports this on the user's line.
/// </summary>
public sealed class ExternAliasTests
{
    private const string Attribute = "[ThriftBreaker.CircuitBreaker] ";
    private const string Elsewhere =
        "public class Order { public class Line { } } public enum Color { Red } public class Lost : System.Exception { } public interface IBase { void g(); } public interface IMarker { } public interface IStore<T> { void g(T item); } public class Declared : Thrift.TException { }";

    [Theory]
    [InlineData("old::Order g();", "Order")]
    [InlineData("void g(old::Order order);", "Order")]
    [InlineData("void g(out System.Collections.Generic.List<old::Order.Line[]> lines);", "Order")]
    [InlineData("void g(old::Color color = old::Color.Red);", "Color")]
    [InlineData("System.Threading.Tasks.Task<(int, old::Order)> g();", "Order")]
    [InlineData("void g<T>() where T : old::Order;", "Order")]
    public void TypeWithOnlyAnAliasInASignatureIsTB0005(string member, string type)
        => Assert.Equal(
            [("TB0005", $"'IOrders.g' is not supported: the assembly of '{type}' is referred to by the alias 'old' only; let the reference be global as well", "g")],
            Reports($"{Attribute} public interface IOrders {{ void f(); {member} }}"));

    [Theory]
    [InlineData("old::Order g { get; }", "g", "g", "Order")]
    [InlineData("int this[old::Order a] { get; }", "this[]", "this", "Order")]
    [InlineData("event System.Action<old::Order> g;", "g", "g", "Order")]
    public void TypeWithOnlyAnAliasInAPropertyOrEventIsTB0005(string member, string name, string culprit, string type)
        => Assert.Equal(
            [("TB0005", $"'IOrders.{name}' is not supported: the assembly of '{type}' is referred to by the alias 'old' only; let the reference be global as well", culprit)],
            Reports($"{Attribute} public interface IOrders {{ void f(); {member} }}"));

    [Theory]
    [InlineData("public interface IOrders : old::IBase { void f(); }", "IBase", "IBase")]
    [InlineData("public interface IOrders : old::IStore<int> { void f(); }", "IStore", "IStore")]
    [InlineData("public class Local { } public interface IOrders : old::IStore<Local> { }", "IStore", "IStore")]
    public void MemberOfABaseWithOnlyAnAliasIsTB0005(string service, string owner, string type)
        => Assert.Equal(
            [("TB0005", $"'{owner}.g' is not supported: the assembly of '{type}' is referred to by the alias 'old' only; let the reference be global as well", "IOrders")],
            Reports(service.Replace("public interface IOrders", Attribute + "public interface IOrders", StringComparison.Ordinal)));

    [Theory]
    [InlineData("public interface IOrders<T> where T : old::Order { T f(); }", "IOrders", "Order")]
    [InlineData("public partial class Outer { [ThriftBreaker.CircuitBreaker] public interface IOrders<T, U> where T : System.IComparable<old::Order> where U : T { void f(); } }", "IOrders", "Order")]
    public void ConstraintWithOnlyAnAliasIsTB0004(string service, string name, string type)
        => Assert.Equal(
            [("TB0004", $"Cannot generate a circuit breaker client for '{name}': the assembly of '{type}' is referred to by the alias 'old' only; let the reference be global as well", name)],
            Reports((service.Contains(Attribute, StringComparison.Ordinal) ? "" : Attribute) + service));

    [Fact]
    public void ListedExceptionWithOnlyAnAliasIsTB0008()
        => Assert.Equal(
            [("TB0008", "Ignore contains 'Lost', but the assembly of 'Lost' is referred to by the alias 'old' only; let the reference be global as well", "Ignore = new[] { typeof(old::Lost) }")],
            Reports("[ThriftBreaker.CircuitBreaker(Ignore = new[] { typeof(old::Lost) })] public interface IOrders { void f(); }"));

    [Theory]
    [InlineData("[assembly: ThriftBreaker.CircuitBreaker(typeof(IStore<old::Order>))] public interface IStore<T> { T f(); }", "IStore", "Order")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreaker(typeof(old::IStore<int>))]", "IStore", "IStore")]
    public void AssemblyAttributeForATypeWithOnlyAnAliasIsTB0004(string text, string name, string type)
        => Assert.Equal(
            ("TB0004", $"Cannot generate a circuit breaker client for '{name}': the assembly of '{type}' is referred to by the alias 'old' only; let the reference be global as well"),
            Reports(text).Select(static report => (report.Id, report.Message)).First());

    [Fact]
    public void BaseWithoutMembersMayHaveOnlyAnAlias()
        => Assert.Contains(
            "CallInvoker<global::IOrders> _calls;",
            GeneratorRun.Create(new GeneratorInput($"extern alias old; {Attribute} public interface IOrders : old::IFormattableToo {{ }}") { Elsewhere = [Elsewhere + " public interface IFormattableToo : System.IFormattable { }"], Aliases = ["old"] }).Text,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("void f(); [System.Obsolete] void g();", "")]
    [InlineData("void f();", ": old::IMarker")]
    public void TypeThatGeneratedCodeDoesNotNameMayHaveOnlyAnAlias(string members, string bases)
        => Assert.Empty(Reports($"{Attribute} public interface IOrders {bases} {{ {members} }}"));

    [Fact]
    public void ReferenceWithTheGlobalAliasTooIsSupported()
        => Assert.Empty(GeneratorRun.Create(new GeneratorInput("extern alias old; " + Attribute + "public interface IOrders { old::Order f(); }") { Elsewhere = [Elsewhere], Aliases = ["old", "global"] }).Problems);

    [Fact]
    public void DeclaredExceptionWithOnlyAnAliasIsTB0005()
        => Assert.Equal(
            [("TB0005", "'IAsync.find' is not supported: the assembly of 'Declared' is referred to by the alias 'old' only; let the reference be global as well", "find")],
            Reports(Attribute + "public partial class Orders { public interface IAsync { System.Threading.Tasks.Task find(); } public class InternalStructs { public class find_args { } public class find_result { public old::Declared Lost { get; set; } = null!; } } }"));

    private static IEnumerable<(string Id, string Message, string Text)> Reports(string text)
        => GeneratorRun.Create(new GeneratorInput("extern alias old; " + text) { Elsewhere = [Elsewhere], Aliases = ["old"] }).Problems.Select(Report.From);
}
