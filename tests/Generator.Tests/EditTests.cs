using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Parsing;
using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// The steps that run again after an edit. Every <see cref="GeneratorRun"/> asserts that none does after an unrelated
/// edit.
/// </summary>
public sealed class EditTests
{
    private const string Orders = "[ThriftBreaker.CircuitBreaker] public interface IOrders { void Submit(); }";
    private const string Returns = "[ThriftBreaker.CircuitBreaker] public interface IReturns { void Submit(); }";

    [Theory]
    [InlineData("[ThriftBreaker.CircuitBreaker] public interface IOrders { void Submit(int item); }")]
    [InlineData("[ThriftBreaker.CircuitBreaker(FailMax = 3)] public interface IOrders { void Submit(); }")]
    public void EditOfOneServiceGeneratesOnlyThatServiceAgain(string edited)
        => Assert.Equal(
            [IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached],
            ReasonsAfter(edited).Order());

    [Theory]
    [InlineData("[ThriftBreaker.CircuitBreaker] public interface IOrders { void Submit() ; /* a comment */ }")]
    [InlineData("/* moved */\n\n[ThriftBreaker.CircuitBreaker]\npublic interface IOrders { void Submit(); }")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public interface IOrders { void Submit(); private void Check() { } }")]
    public void EditThatChangesNoClientGeneratesNothingAgain(string edited)
        => Assert.All(ReasonsAfter(edited), static reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));

    [Fact]
    public void ServiceWithoutItsAttributeLosesItsClient()
    {
        var input = new GeneratorInput(Orders, Returns);
        var project = input.Compile();
        var driver = input.Driver().RunGenerators(project, TestContext.Current.CancellationToken);

        var edited = project.ReplaceSyntaxTree(project.SyntaxTrees[0], input.File("public interface IOrders { void Submit(); }", 0));
        driver = driver.RunGenerators(edited, TestContext.Current.CancellationToken);

        Assert.StartsWith("IReturns.", Assert.Single(driver.GetRunResult().Results.Single().GeneratedSources).HintName, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[ThriftBreaker.CircuitBreaker] public interface IOrders { void Submit(); }", "")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public interface IOrders { void Submit(); }", "[ThriftBreaker.CircuitBreaker] public interf")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public interface IOrders { void Submit(); }", "[ThriftBreaker.CircuitBreaker(")]
    [InlineData("[ThriftBreaker.CircuitBreaker] public partial class Orders { public interface IAsync { void f(); } }", "[ThriftBreaker.CircuitBreaker] public partial class Orders { }")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreaker(typeof(IOrders))] public interface IOrders { void Submit(); }", "[assembly: ThriftBreaker.CircuitBreaker(typeof(IOrders))]")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreaker(typeof(IOrders))] public interface IOrders { void Submit(); }", "[assembly: ThriftBreaker.CircuitBreaker(typeof( public interface IOrders { void Submit(); }")]
    [InlineData("[assembly: ThriftBreaker.CircuitBreaker(typeof(IOrders))] public interface IOrders { void Submit(); }", "public interface IOrders { void Submit(); }")]
    public void RemovedServiceLosesItsClientUntilItIsBack(string before, string after)
    {
        var input = new GeneratorInput(before);
        var project = input.Compile();
        var edited = project.ReplaceSyntaxTree(project.SyntaxTrees[0], input.File(after, 0));
        var driver = input.Driver();

        foreach (var (state, clients) in new[] { (project, 1), (edited, 0), (project, 1) })
        {
            driver = driver.RunGenerators(state, TestContext.Current.CancellationToken);
            var result = driver.GetRunResult().Results.Single();
            Assert.Null(result.Exception);
            Assert.Equal(clients, result.GeneratedSources.Length);
        }
    }

    [Fact]
    public void EditOfOneAssemblyAttributeGeneratesOnlyThatServiceAgain()
    {
        const string Services = "public interface IA { void f(); } public interface IB { void f(); } public interface IC { void f(); }";
        var input = new GeneratorInput("[assembly: ThriftBreaker.CircuitBreaker(typeof(IA)), ThriftBreaker.CircuitBreaker(typeof(IB)), ThriftBreaker.CircuitBreaker(typeof(IC))]", Services);
        var project = input.Compile();
        var driver = input.Driver().RunGenerators(project, TestContext.Current.CancellationToken);

        var edited = input.File(input.Texts[0].Replace("typeof(IB)", "typeof(IB), FailMax = 3", StringComparison.Ordinal), 0);
        driver = driver.RunGenerators(project.ReplaceSyntaxTree(project.SyntaxTrees[0], edited), TestContext.Current.CancellationToken);

        Assert.Equal(
            [IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached, IncrementalStepRunReason.Cached],
            Reasons(driver).Order());
    }

    [Fact]
    public void EditOfAnotherPartOfTheServiceGeneratesItAgain()
    {
        var input = new GeneratorInput("[ThriftBreaker.CircuitBreaker] public partial class Orders;", "partial class Orders { public interface IAsync { void f(); } }");
        var project = input.Compile();
        var driver = input.Driver().RunGenerators(project, TestContext.Current.CancellationToken);

        var edited = project.ReplaceSyntaxTree(project.SyntaxTrees[1], input.File("partial class Orders { public interface IAsync { void g(); } }", 1));
        driver = driver.RunGenerators(edited, TestContext.Current.CancellationToken);

        Assert.Contains("public void g()", Assert.Single(driver.GetRunResult().GeneratedTrees).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CancelledRunLeavesTheDriverUsable()
    {
        var input = new GeneratorInput(Orders);
        var driver = input.Driver();
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        Assert.ThrowsAny<OperationCanceledException>(() => driver.RunGenerators(input.Compile(), stop.Token));
        Assert.Single(driver.RunGenerators(input.Compile(), TestContext.Current.CancellationToken).GetRunResult().GeneratedTrees);
    }

    [Fact]
    public void ParsingStopsWhenItIsCancelled()
    {
        var project = new GeneratorInput(Orders).Compile();
        var service = project.GetTypeByMetadataName("IOrders")!;
        var declaration = ServiceDeclaration.FromType(service, project, CancellationToken.None);
        var cancelled = new CancellationToken(canceled: true);

        Assert.Throws<OperationCanceledException>(() => ServiceDeclaration.FromType(service, project, cancelled));
        Assert.Throws<OperationCanceledException>(() => ServiceValidator.Validate(declaration, cancelled));
        Assert.Throws<OperationCanceledException>(() => MethodReader.Read(declaration, new PublicNames(declaration.Members, []), default, cancelled));
    }

    private static IEnumerable<IncrementalStepRunReason> ReasonsAfter(string edited)
    {
        var input = new GeneratorInput(Orders, Returns);
        var project = input.Compile();
        var driver = input.Driver().RunGenerators(project, TestContext.Current.CancellationToken);

        driver = driver.RunGenerators(
            project.ReplaceSyntaxTree(project.SyntaxTrees[0], input.File(edited, 0)), TestContext.Current.CancellationToken);
        return Reasons(driver);
    }

    private static IEnumerable<IncrementalStepRunReason> Reasons(GeneratorDriver driver)
        => driver.GetRunResult().Results.Single().TrackedOutputSteps
            .SelectMany(static step => step.Value)
            .SelectMany(static step => step.Outputs)
            .Select(static output => output.Reason);
}
