using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ThriftBreaker.Generator.Tests.Harness;
using Xunit.Sdk;

namespace ThriftBreaker.Generator.Tests;

/// <summary>The check of the values of the steps covers steps of any name.</summary>
public sealed class StepValuesTests
{
    [Theory]
    [InlineData("Symbols")]
    [InlineData(null)]
    public void CompilerObjectInAStepOfAnyNameIsFound(string? step)
    {
        var input = new GeneratorInput("[ThriftBreaker.CircuitBreaker] public interface IOrders { void f(); }");
        var driver = CSharpGeneratorDriver.Create(
                [new Hoarder(step).AsSourceGenerator()],
                driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true))
            .RunGenerators(input.Compile(), TestContext.Current.CancellationToken);

        Assert.Contains("is a ", Assert.ThrowsAny<XunitException>(() => StepValues.AreFreeOfTheCompiler(driver.GetRunResult())).Message, StringComparison.Ordinal);
    }

    /// <summary>A generator that passes symbols from its one transform to a step of this name.</summary>
    private sealed class Hoarder(string? step) : IIncrementalGenerator
    {
        public void Initialize(IncrementalGeneratorInitializationContext context)
        {
            var symbols = context.SyntaxProvider.ForAttributeWithMetadataName(
                RuntimeNames.Attribute, static (_, _) => true, (context, _) => step is null ? (object)context.TargetSymbol : context.TargetSymbol.Name);
            var named = step is null
                ? symbols.Select(static (symbol, _) => symbol.ToString())
                : symbols.Combine(context.CompilationProvider).Select(static (pair, _) => (pair.Right.Assembly, 1)).WithTrackingName(step).Select(static (_, _) => (string?)"");
            context.RegisterSourceOutput(named, static (_, _) => { });
        }
    }
}
