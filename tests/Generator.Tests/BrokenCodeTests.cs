using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// Incomplete code, as in an editor. One exception in the generator removes every client of the project.
/// </summary>
public sealed class BrokenCodeTests
{
    private const string Service = "{ public interface IAsync { System.Threading.Tasks.Task submit(); } }";

    [Fact]
    public void MemberWithAnUnknownTypeIsLeftOut()
    {
        var input = new GeneratorInput(
            "[ThriftBreaker.CircuitBreaker] public interface IOrders { void f(); Missing g(); void h(System.Collections.Generic.List<Missing[]> a); void i<T>() where T : Missing; Missing P { get; } event Missing E; int Q { get; } }")
        { IsBroken = true };
        var run = GeneratorRun.Create(input);

        Assert.Contains("public void f()", run.Text, StringComparison.Ordinal);
        Assert.Contains("public int Q", run.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Missing", run.Text, StringComparison.Ordinal);
        Assert.Equal(["TB0009"], run.Problems.Select(static problem => problem.Id));

        // A member with an unknown type cannot be implemented; the other members have no errors.
        var errors = input.Compile().AddSyntaxTrees(run.Result.GeneratedTrees).GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(static error => error.Severity == DiagnosticSeverity.Error)
            .ToLookup(static error => error.Location.SourceTree!.FilePath.StartsWith("/project/", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Repeat("CS0246", 5), errors[true].Select(static error => error.Id));
        Assert.Equal(
            ["E", "P", "g()", "h(List<Missing[]>)", "i<T>()"],
            errors[false].Where(static error => error.Id == "CS0535").Select(static error => error.GetMessage(CultureInfo.InvariantCulture).Split("IOrders.")[1].TrimEnd('\'')).Order(StringComparer.Ordinal));
        Assert.Equal(5, errors[false].Count());
    }

    [Fact]
    public void ServiceOfUnknownTypesHasAClient()
        => Assert.Contains("class OrdersCircuitBreakerClient", GeneratorRun.Create(new GeneratorInput("[ThriftBreaker.CircuitBreaker] public interface IOrders { Missing g(); }") { IsBroken = true }).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("[ThriftBreaker.CircuitBreaker")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public partial class")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public partial class Orders")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public partial class Orders { public interface IAsync {")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public partial class Orders { public interface IAsync { Task submit(")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public partial class Orders { public interface IAsync { submit(); } }")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public partial class Orders { public interface IAsync { Missing submit(Missing a, , int = ); } }")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public partial class Orders { public interface IAsync { void f(int a = missing, string b = 3); } }")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public partial class Orders { public interface IAsync { void f(); void f(); } }")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public partial class Orders : Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker] public partial class Orders<T " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker] public interface IOrders : Missing;")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public interface IOrders : Missing { void f(); }")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public interface IOrders : IOrders { void f(); }")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public interface IOrders : System.Collections.Generic.List<int> { void f(); }")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public interface IOrders { void f(Missing<int> a, Missing.Other b); Missing g(); System.Threading.Tasks.Task<Missing> h(); }")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public interface IOrders { [System.Obsolete(missing)] void f(); [System.Obsolete(typeof(int), 3)] void g(); }")]
    [InlineData("[ThriftBreaker.CircuitBreaker(typeof(Missing))] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker(FailMax = missing)] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker(FailMax = \"3\", Name = 3, ResetTimeoutSeconds = null)] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker(Missing = 3)] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker(Exclude = new[] { typeof(Missing), typeof(Missing<int>), typeof(System.Collections.Generic.List<Missing>), null, 3, typeof() })] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker(Exclude = typeof(int), Ignore = \"all\", FailOn = new[] { 1 })] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker(Exclude = null, Ignore = default, FailOn = new System.Type[] { null, default })] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker(Exclude = new[] { typeof(int*), typeof(dynamic), typeof(int[]), typeof(void), typeof(delegate*<void>) })] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker(Exclude = new System.Type[][] { new[] { typeof(int) } })] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker(Exclude = new System.Type[3])] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker(Exclude = [typeof(System.Exception), missing, .. missing])] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker(Mode = 3, Scope = ThriftBreaker.CircuitBreakerScope.Missing)] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker(Mode = (ThriftBreaker.CircuitMode)99, Scope = (ThriftBreaker.CircuitBreakerScope)(-1))] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod()] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod(null)] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod(3)] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod(new[] { \"submit\" })] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod(nameof(Orders.IAsync.missing), Bypass = true)] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod(nameof(missing.))] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod(\"submit\"), ThriftBreaker.CircuitBreakerMethod(\"submit\", Bypass = true)] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod(\"submit\", Bypass = missing, FailMax = )] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod(\"submit\", Bypass = true)] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreakerMethod(\"submit\")] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreakerMethod(\"submit\")] public partial struct Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod(\"submit\")] public partial class Orders;")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreakerMethod(\"submit\")]")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public interface IOrders { void f(); } [ThriftBreaker.CircuitBreaker] public interface IOrders { void f(); }")]
    [InlineData("[ThriftBreaker.CircuitBreaker(FailMax = )] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker(FailMax = 1, FailMax = 2)] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreaker] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker] public partial struct Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker] public partial record struct Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker] public enum Orders { One }")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public delegate void Orders();")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreaker]")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreaker")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreaker(")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreaker(typeof(")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreaker(typeof(IOrders")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreaker(typeof(IOrders)) public interface IOrders { void f(); }")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreaker(typeof())]")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreaker(typeof(Missing))]")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreaker(typeof(Missing<int>)), ThriftBreaker.CircuitBreaker(typeof(System.Collections.Generic.IList<Missing>))]")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreaker(typeof(System.Collections.Generic.IList<>))]")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreaker(3), ThriftBreaker.CircuitBreaker(\"Orders\"), ThriftBreaker.CircuitBreaker(null), ThriftBreaker.CircuitBreaker(default)]")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreaker(typeof(IOrders), typeof(IOrders))] public interface IOrders { void f(); }")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreaker(typeof(IOrders), FailMax = , Missing = 3, Name = )] public interface IOrders { void f(); }")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreaker(new[] { typeof(IOrders) })] public interface IOrders { void f(); }")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreaker(service: , typeof(IOrders))] public interface IOrders { void f(); }")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreaker(typeof(IOrders))] public interface IOrders : IOrders { void f(); }")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreaker(typeof(IOrders))] public interface IOrders : IReturns { void f(); } public interface IReturns : IOrders { }")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreaker(typeof(IOrders))] public interface IOrders { void f(); } public interface IOrders { void f(); }")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreaker(typeof(Outer.IOrders))] public class Outer { private interface IOrders { void f(); } }")]
    [InlineData("[module: ThriftBreaker.CircuitBreaker(typeof(IOrders))] public interface IOrders { void f(); }")]
    [InlineData("public interface IOrders { void f(); } [assembly: ThriftBreaker.CircuitBreaker(typeof(IOrders))]")]
    [InlineData("namespace Shop { [assembly: ThriftBreaker.CircuitBreaker(typeof(IOrders))] public interface IOrders { void f(); } }")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreaker(typeof(IOrders)), ThriftBreaker.CircuitBreakerMethod(typeof(IOrders), ), ThriftBreaker.CircuitBreakerMethod(typeof(, \"f\")] public interface IOrders { void f(); }")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreakerMethod(typeof(Missing), \"f\")]")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreakerMethod(\"f\", typeof(IOrders))] public interface IOrders { void f(); }")]
    [InlineData("[ThriftBreaker.CircuitBreaker(")]
    [InlineData("[ThriftBreaker.CircuitBreaker(typeof(")]
    [InlineData("[ThriftBreaker.CircuitBreaker(typeof(int))] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker(null)] public partial class Orders " + Service)]
    [InlineData("[ThriftBreaker.CircuitBreaker] public interface IOrders : IReturns { } public interface IReturns : IOrders { void f(); }")]
    [InlineData("namespace { [ThriftBreaker.CircuitBreaker] public partial class Orders " + Service + " }")]
    public void GeneratorDoesNotThrowAndHidesNoErrorOfTheUser(string text)
    {
        var input = new GeneratorInput(text) { IsBroken = true };
        var run = GeneratorRun.Create(input);

        Assert.Empty(run.Result.Diagnostics);

        var project = input.Compile();
        Assert.Subset(Errors(project.AddSyntaxTrees(run.Result.GeneratedTrees)), Errors(project));
    }

    /// <summary>The compiler's errors in the user's file.</summary>
    private static HashSet<(string Id, TextSpan Place)> Errors(CSharpCompilation project)
        => [.. project.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(error => error.Severity == DiagnosticSeverity.Error && error.Location.SourceTree?.FilePath == project.SyntaxTrees[0].FilePath)
            .Select(static error => (error.Id, error.Location.SourceSpan))];
}
