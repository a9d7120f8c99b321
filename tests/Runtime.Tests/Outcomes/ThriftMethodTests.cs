using ThriftBreaker.GeneratedCode;

namespace ThriftBreaker.Runtime.Tests.Outcomes;

/// <summary>The data of a method of a contract.</summary>
public sealed class ThriftMethodTests
{
    [Theory]
    [InlineData("Calculator", "Calculator/add")]
    [InlineData(null, "add")]
    public void QualifiedName_IncludesTheServiceIfKnown(string? service, string name)
        => Assert.Equal(name, new ThriftMethod("add") { Service = service }.QualifiedName);

    [Theory]
    [InlineData(false, false, true)]
    [InlineData(true, false, false)]
    [InlineData(true, true, true)]
    public void ReturnIsSuccess_ExceptOnewayBesideOthers(bool oneway, bool onewayOnly, bool isSuccess)
        => Assert.Equal(isSuccess, new ThriftMethod("add") { Oneway = oneway, OnewayOnly = onewayOnly }.ReturnIsSuccess);

    [Fact]
    public void OutcomeOf_Rejection_IsIgnored_Trip_IsThatOfItsError()
    {
        var failure = new TimeoutException();
        var contract = new ThriftMethod("add");
        var circuit = TestCircuit.Open();

        Assert.Equal(CallOutcome.Ignored, contract.OutcomeOf(new CircuitOpenException(circuit.CircuitBreaker), CancellationToken.None));
        Assert.Equal(CallOutcome.Failure, contract.OutcomeOf(CircuitOpenException.CreateForTrip(circuit.CircuitBreaker, failure), CancellationToken.None));
        Assert.Throws<ArgumentNullException>("error", () => contract.OutcomeOf(null!, CancellationToken.None));
    }

    [Fact]
    public void NullName_Throws() => Assert.Throws<ArgumentNullException>("name", static () => new ThriftMethod(null!));
}
