using ThriftBreaker.GeneratedCode;

namespace ThriftBreaker.Runtime.Tests.Outcomes;

/// <summary>What is said of a method where only its contract is at hand.</summary>
public sealed class ThriftMethodTests
{
    [Theory]
    [InlineData("Calculator", "Calculator/add")]
    [InlineData(null, "add")]
    public void ItsNameHasTheServicesBeforeItWhereThatIsKnown(string? service, string name)
        => Assert.Equal(name, new ThriftMethod("add") { Service = service }.QualifiedName);

    [Theory]
    [InlineData(false, false, true)]
    [InlineData(true, false, false)]
    [InlineData(true, true, true)]
    public void OnlyAOnewayCallBesideOthersVouchesForNothing(bool oneway, bool onewayOnly, bool vouches)
        => Assert.Equal(vouches, new ThriftMethod("add") { Oneway = oneway, OnewayOnly = onewayOnly }.Vouches);

    [Fact]
    public void ARejectionSaysNothingAndATripWhatItsOwnErrorSays()
    {
        var failure = new TimeoutException();
        var contract = new ThriftMethod("add");
        var circuit = TestCircuit.Open();

        Assert.Equal(CallOutcome.Ignored, contract.OutcomeOf(new CircuitOpenException(circuit.CircuitBreaker), CancellationToken.None));
        Assert.Equal(CallOutcome.Failure, contract.OutcomeOf(CircuitOpenException.Tripped(circuit.CircuitBreaker, failure), CancellationToken.None));
        Assert.Throws<ArgumentNullException>("error", () => contract.OutcomeOf(null!, CancellationToken.None));
    }

    [Fact]
    public void AMethodHasAName() => Assert.Throws<ArgumentNullException>("name", static () => new ThriftMethod(null!));
}
