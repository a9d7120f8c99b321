using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// TB0012, TB0013 and all other diagnostics of attributes on the assembly, reported where the service is named.
/// </summary>
public sealed class AssemblyAttributeRefusalTests
{
    private const string Attribute = "[assembly: ThriftBreaker.CircuitBreaker(typeof(IOrders))] ";
    private const string Service = "public interface IOrders { void find(); } ";

    [Theory]
    [InlineData(
        "", "ThriftBreaker.CircuitBreaker()", "it is applied to the assembly; specify the service, [assembly: CircuitBreaker(typeof(MyService))]")]
    [InlineData(
        "FailMax = 3", "ThriftBreaker.CircuitBreaker(FailMax = 3)", "it is applied to the assembly; specify the service, [assembly: CircuitBreaker(typeof(MyService))]")]
    [InlineData("null!", "null!", "null is not a service; write typeof(…) of one")]
    [InlineData("FailMax = 3, service: typeof(int)", "service: typeof(int)", "'int' is neither a class nor an interface; specify the service class that the Thrift compiler generated, or an interface")]
    [InlineData("typeof(System.DayOfWeek)", "typeof(System.DayOfWeek)", "'System.DayOfWeek' is neither a class nor an interface; specify the service class that the Thrift compiler generated, or an interface")]
    [InlineData("typeof(System.Action)", "typeof(System.Action)", "'System.Action' is neither a class nor an interface; specify the service class that the Thrift compiler generated, or an interface")]
    [InlineData("typeof(IOrders[])", "typeof(IOrders[])", "'IOrders[]' is neither a class nor an interface; specify the service class that the Thrift compiler generated, or an interface")]
    [InlineData("typeof(void)", "typeof(void)", "'void' is neither a class nor an interface; specify the service class that the Thrift compiler generated, or an interface")]
    public void AssemblyAttributeWithoutAServiceIsTB0012(string arguments, string culprit, string reason)
        => Assert.Equal(
            [("TB0012", "This [CircuitBreaker] has no effect: " + reason, culprit)],
            Reports(new GeneratorInput($"[assembly: ThriftBreaker.CircuitBreaker({arguments})] {Service}") { IsBroken = arguments.StartsWith("FailMax = 3,", StringComparison.Ordinal) }));

    [Fact]
    public void AttributeOnAServiceThatNamesAServiceIsTB0012()
    {
        var run = GeneratorRun.Create($"[ThriftBreaker.CircuitBreaker(typeof(IOrders))] {Service}");

        Assert.Equal(
            [("TB0012", "This [CircuitBreaker] has no effect: it is applied to 'IOrders', which is the service already; remove its argument, or apply the attribute to the assembly", "typeof(IOrders)")],
            run.Problems.Select(Report.From));
        Assert.Empty(run.Sources);
    }

    [Theory]
    [InlineData("typeof(string)", "TB0002", "'String' is marked with [CircuitBreaker], but no nested interface Iface, IAsync or ISync was found in it; mark the partial class that the Thrift compiler generated (same namespace, same name), or mark an interface")]
    [InlineData("typeof(System.IDisposable)", "TB0002", "'IDisposable' is marked with [CircuitBreaker], but 'IDisposable' declares no method and inherits none; there is nothing to guard")]
    [InlineData("typeof(System.Numerics.IAdditiveIdentity<int, int>)", "TB0005", "'IAdditiveIdentity.AdditiveIdentity' is not supported: a static member has no object that could be wrapped; remove it from the interface")]
    public void ProblemOfTheServiceIsReportedAtTheAttribute(string service, string id, string message)
        => Assert.Equal([(id, message, service)], Reports($"[assembly: ThriftBreaker.CircuitBreaker({service})]"));

    [Fact]
    public void InaccessibleServiceIsTB0004()
        => Assert.Equal(
            [("TB0004", "Cannot generate a circuit breaker client for 'Orders': its interface 'IAsync' cannot be seen from this project", "typeof(Orders)")],
            Reports(new GeneratorInput("[assembly: ThriftBreaker.CircuitBreaker(typeof(Orders))]") { Elsewhere = ["public class Orders { internal interface IAsync { void f(); } }"] }));

    [Fact]
    public void ServiceWithOnlyAnExternAliasIsTB0004()
        => Assert.Equal(
            [("TB0004", "Cannot generate a circuit breaker client for 'IOrders': the assembly of 'IOrders' is referred to by the alias 'shop' only; let the reference be global as well", "typeof(shop::IOrders)")],
            Reports(new GeneratorInput("extern alias shop; [assembly: ThriftBreaker.CircuitBreaker(typeof(shop::IOrders))]") { Elsewhere = [Service], Aliases = ["shop"] }));

    [Theory]
    [InlineData("[ThriftBreaker.CircuitBreaker] public partial class Orders { public interface IAsync { void f(); } }", "Orders", "Orders")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public partial class Orders { public interface IAsync { void f(); } }", "Orders.IAsync", "Orders")]
    [InlineData("public class Orders { [ThriftBreaker.CircuitBreaker] public interface IAsync { void f(); } }", "Orders", "IAsync")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public interface Orders { void f(); }", "Orders", "Orders")]
    public void AssemblyAttributeForAServiceThatHasTheAttributeIsTB0013(string declaration, string named, string marked)
    {
        var run = GeneratorRun.Create($"[assembly: ThriftBreaker.CircuitBreaker(typeof({named}))] {declaration}");

        Assert.Contains(
            ("TB0013", $"'Orders' already has a [CircuitBreaker] attribute, where '{marked}' is declared; write all its settings in one attribute", $"typeof({named})"),
            run.Problems.Select(Report.From));
        Assert.Single(run.Sources);
    }

    [Theory]
    [InlineData("typeof(Orders)", "typeof(Orders)")]
    [InlineData("typeof(Orders)", "typeof(Orders.IAsync)")]
    [InlineData("typeof(Orders.ISync)", "typeof(Orders)")]
    [InlineData("typeof(Orders.ISync)", "typeof(Orders.IAsync)")]
    public void FirstOfTwoAttributesForOneServiceApplies(string first, string second)
    {
        const string Orders = "public class Orders { public interface IAsync { void f(); } public interface ISync { void f(); } }";

        foreach (var files in new string[][]
        {
            [$"[assembly: ThriftBreaker.CircuitBreaker({first}, FailMax = 2), ThriftBreaker.CircuitBreaker({second}, FailMax = 4)] {Orders}"],
            [$"[assembly: ThriftBreaker.CircuitBreaker({first}, FailMax = 2)]", $"[assembly: ThriftBreaker.CircuitBreaker({second}, FailMax = 4)]", Orders],
        })
        {
            var run = GeneratorRun.Create(files);

            Assert.Equal(
                [("TB0013", "'Orders' already has a [CircuitBreaker] attribute, and only the first one applies; write all its settings in that one", second)],
                run.Problems.Select(Report.From));
            Assert.Contains("FailMax = 2", run.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(Attribute + "public interface IOrders { void f(); } [ThriftBreaker.CircuitBreaker] public interface Orders { void f(); }", "typeof(IOrders)", "IOrders", "Orders")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreaker(typeof(Orders)), ThriftBreaker.CircuitBreaker(typeof(IOrders))] public interface IOrders { void f(); } public interface Orders { void f(); }", "typeof(IOrders)", "IOrders", "Orders")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreaker(typeof(A.IOrders)), ThriftBreaker.CircuitBreaker(typeof(B.Orders))] public class A { public interface IOrders { void f(); } } public class B { public class Orders { public interface IAsync { void f(); } } }", "typeof(B.Orders)", "Orders", "A.IOrders")]
    public void SecondServiceWithTheSameClientNameIsTB0004(string text, string culprit, string service, string first)
        => Assert.Equal(
            [("TB0004", $"Cannot generate a circuit breaker client for '{service}': its client would be named 'OrdersCircuitBreakerClient', and so is that of '{first}'; derive an interface of another name from it, and mark that", culprit)],
            Reports(text));

    [Theory]
    [InlineData("[ThriftBreaker.CircuitBreaker] public interface IOrders { void f(); } class OrdersCircuitBreakerClient { }", "IOrders", "OrdersCircuitBreakerClient")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public partial class Orders { public interface IAsync { void f(); } partial class CircuitBreakerClient { } }", "Orders", "CircuitBreakerClient")]
    public void TypeWithTheNameOfTheClientIsTB0004(string text, string service, string client)
        => Assert.Equal(
            [("TB0004", $"Cannot generate a circuit breaker client for '{service}': its client would be named '{client}', and so is a type of this project; rename one of them", service)],
            Reports(text));

    [Fact]
    public void ClientInAReferencedAssemblyIsTB0004()
        => Assert.Equal(
            [("TB0004", "Cannot generate a circuit breaker client for 'IOrders': its client would be named 'OrdersCircuitBreakerClient', and so is a type of 'Elsewhere'; derive an interface of another name from it, and mark that", "typeof(IOrders)")],
            Reports(new GeneratorInput(Attribute) { Elsewhere = [Service + "public class OrdersCircuitBreakerClient { }"] }));

    [Fact]
    public void InaccessibleClientInAReferencedAssemblyIsIgnored()
        => Assert.Empty(Reports(new GeneratorInput(Attribute) { Elsewhere = [Service + "internal class OrdersCircuitBreakerClient { }"] }));

    [Theory]
    [InlineData("typeof(IOrders), \"finds\"", "\"finds\"", "'finds' is not a method of 'IOrders'; did you mean 'find'?")]
    [InlineData("typeof(IOrders), null!", "null!", "it specifies no method; write nameof(…) of one")]
    [InlineData("\"find\"", "\"find\"", "it is applied to the assembly and specifies no service; write typeof(…) of one before the method")]
    [InlineData("typeof(int), \"find\"", "\"find\"", "it specifies neither a service class nor an interface; specify one that has an [assembly: CircuitBreaker(typeof(…))]")]
    [InlineData(
        "typeof(System.IDisposable), \"Dispose\"", "\"Dispose\"",
        "no [assembly: CircuitBreaker(typeof(IDisposable))] exists, so no client is generated; add that attribute, or apply this one where 'IDisposable' is marked")]
    public void MethodAttributeThatCannotBeAppliedIsTB0007(string arguments, string culprit, string reason)
        => Assert.Equal(
            [("TB0007", "This [CircuitBreakerMethod] cannot be applied: " + reason, culprit)],
            Reports($"{Attribute} [assembly: ThriftBreaker.CircuitBreakerMethod({arguments})] {Service}"));

    [Fact]
    public void MethodAttributeOnAServiceThatNamesAServiceIsTB0007()
        => Assert.Equal(
            [("TB0007", "This [CircuitBreakerMethod] cannot be applied: it is applied to the service itself; remove its first argument, or apply the attribute to the assembly", "\"find\"")],
            Reports($"[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod(typeof(IOrders), \"find\")] {Service}"));

    [Theory]
    [InlineData("FailMax = 0", "TB0001")]
    [InlineData("FailureRatio = 0.5", "TB0006")]
    [InlineData("FailOn = new[] { typeof(int) }", "TB0008")]
    public void SettingsAreValidatedAsOnAService(string argument, string id)
        => Assert.Equal(
            [(id, argument)],
            Reports($"[assembly: ThriftBreaker.CircuitBreaker(typeof(IOrders), {argument})] {Service}").Select(static report => (report.Id, report.Text)));

    [Fact]
    public void DiagnosticIsReportedInTheFileOfItsAttribute()
        => Assert.Equal(
            [("/project/File0.cs", "TB0012"), ("/project/File1.cs", "TB0007"), ("/project/File2.cs", "TB0013")],
            GeneratorRun.Create(
                "[assembly: ThriftBreaker.CircuitBreaker] [assembly: ThriftBreaker.CircuitBreaker(typeof(IOrders))]",
                "[assembly: ThriftBreaker.CircuitBreakerMethod(typeof(IOrders), \"missing\")]",
                "[assembly: ThriftBreaker.CircuitBreaker(typeof(IOrders))]",
                Service).Problems.Select(static problem => (problem.Location.SourceTree!.FilePath, problem.Id)));

    private static IEnumerable<(string Id, string Message, string Text)> Reports(string text) => Reports(new GeneratorInput(text));

    private static IEnumerable<(string Id, string Message, string Text)> Reports(GeneratorInput input) => GeneratorRun.Create(input).Problems.Select(Report.From);
}
