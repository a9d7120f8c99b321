using System.Net.Sockets;
using Circuit.Calculators;
using Thrift;
using Thrift.Protocol;
using Thrift.Transport;
using ThriftBreaker.GeneratedCode;

namespace ThriftBreaker.Runtime.Tests.Outcomes;

/// <summary>What the end of a call says about the service, rule by rule.</summary>
public sealed class OutcomeRulesTests
{
    private static readonly ThriftMethod DivisionByZeroDeclared = new("calculate") { Throws = [typeof(DivisionByZero)] };
    private static readonly ThriftMethod NothingDeclared = new("ping") { Throws = [] };
    private static readonly ThriftMethod ContractUnknown = new("ping");
    private static readonly CancellationToken GivenUp = new(canceled: true);

    public static TheoryData<Exception> Failures =>
    [
        new InvalidOperationException("anything else"),
        new TimeoutException(),
        new IOException("broken pipe"),
        new IOException("wrapped", new SocketException((int)SocketError.ConnectionReset)),
        new SocketException((int)SocketError.ConnectionRefused),
        new System.Net.Http.HttpRequestException(),
        new System.Security.Authentication.AuthenticationException(),
        new TProtocolException(TProtocolException.INVALID_DATA),
        new TException("Thrift's own, and no declared exception", new IOException()),
    ];

    public static TheoryData<TTransportException.ExceptionType> TransportErrors => [.. Enum.GetValues<TTransportException.ExceptionType>()];

    [Theory]
    [MemberData(nameof(Failures))]
    public void ErrorsOfTheServiceAndOfTheWayToItAreFailures(Exception error)
    {
        Assert.Equal(CallOutcome.Failure, Of(error));
        Assert.Equal(CallOutcome.Failure, Of(error, DivisionByZeroDeclared));
        Assert.Equal(CallOutcome.Failure, OfGivenUp(error));
    }

    [Theory]
    [MemberData(nameof(TransportErrors))]
    public void EveryTransportErrorIsAFailure(TTransportException.ExceptionType type)
        => Assert.Equal(CallOutcome.Failure, Of(new TTransportException(type, "broken")));

    [Theory]
    [InlineData(TApplicationException.ExceptionType.Unknown, CallOutcome.Failure)]
    [InlineData(TApplicationException.ExceptionType.InternalError, CallOutcome.Failure)]
    [InlineData(TApplicationException.ExceptionType.BadSequenceId, CallOutcome.Failure)]
    [InlineData(TApplicationException.ExceptionType.ProtocolError, CallOutcome.Failure)]
    [InlineData(TApplicationException.ExceptionType.InvalidTransform, CallOutcome.Failure)]
    [InlineData(TApplicationException.ExceptionType.UnknownMethod, CallOutcome.Ignored)]
    [InlineData(TApplicationException.ExceptionType.WrongMethodName, CallOutcome.Ignored)]
    [InlineData(TApplicationException.ExceptionType.InvalidMessageType, CallOutcome.Ignored)]
    [InlineData(TApplicationException.ExceptionType.InvalidProtocol, CallOutcome.Ignored)]
    [InlineData(TApplicationException.ExceptionType.UnsupportedClientType, CallOutcome.Ignored)]
    [InlineData(TApplicationException.ExceptionType.MissingResult, CallOutcome.Ignored)]
    [InlineData((TApplicationException.ExceptionType)999, CallOutcome.Failure)]
    public void TheServersOwnErrorMessageIsReadByItsType(TApplicationException.ExceptionType type, CallOutcome expected)
    {
        var error = new TApplicationException(type, "from the server");

        Assert.Equal(expected, Of(error));
        Assert.Equal(expected, Of(error, NothingDeclared));
    }

    [Fact]
    public void NoTypeOfErrorMessageIsForgotten()
    {
        var row = typeof(OutcomeRulesTests).GetMethod(nameof(TheServersOwnErrorMessageIsReadByItsType))!;
        var covered = row.GetCustomAttributes(typeof(InlineDataAttribute), inherit: false).Cast<InlineDataAttribute>()
            .Select(static data => (TApplicationException.ExceptionType)data.Data[0]!);

        Assert.Empty(Enum.GetValues<TApplicationException.ExceptionType>().Except(covered));
    }

    [Fact]
    public void ADeclaredExceptionIsAnAnswer()
        => Assert.Equal(CallOutcome.Success, Of(new DivisionByZero(), DivisionByZeroDeclared));

    [Fact]
    public void ASubclassOfADeclaredExceptionIsAnAnswer()
        => Assert.Equal(CallOutcome.Success, Of(new StrictDivisionByZero(), DivisionByZeroDeclared));

    [Fact]
    public void AnExceptionThatTheMethodDoesNotDeclareIsAFailure()
    {
        Assert.Equal(CallOutcome.Failure, Of(new Overflow(), DivisionByZeroDeclared));
        Assert.Equal(CallOutcome.Failure, Of(new Overflow(), NothingDeclared));
    }

    [Fact]
    public void WithoutAContractWhatLooksDeclaredIsTakenForIt()
    {
        Assert.Equal(CallOutcome.Success, Of(new Overflow()));
        Assert.Equal(CallOutcome.Success, Of(new Overflow(), ContractUnknown));
    }

    [Fact]
    public void ADeclaredExceptionIsAnAnswerEvenIfTheCallerHasGivenUp()
        => Assert.Equal(CallOutcome.Success, OfGivenUp(new DivisionByZero(), DivisionByZeroDeclared));

    [Fact]
    public void ACancellationThatTheCallerAskedForIsNeutral()
    {
        Assert.Equal(CallOutcome.Cancelled, OfGivenUp(new OperationCanceledException()));
        Assert.Equal(CallOutcome.Cancelled, OfGivenUp(new TaskCanceledException(), NothingDeclared));
        Assert.Equal(CallOutcome.Cancelled, OfGivenUp(new OperationCanceledException(GivenUp)));
    }

    [Fact]
    public void ACancellationThatNobodyAskedForIsAFailure()
    {
        Assert.Equal(CallOutcome.Failure, Of(new OperationCanceledException()));
        Assert.Equal(CallOutcome.Failure, Of(new TaskCanceledException(), NothingDeclared));
        Assert.Equal(CallOutcome.Failure, Of(new OperationCanceledException(GivenUp)));
    }

    [Fact]
    public void ACancellationInsideAnInterruptedTransportIsACancellation()
    {
        var interrupted = new TTransportException(
            TTransportException.ExceptionType.Interrupted, "interrupted", new OperationCanceledException());

        Assert.Equal(CallOutcome.Cancelled, OfGivenUp(interrupted));
        Assert.Equal(CallOutcome.Failure, Of(interrupted));
    }

    [Fact]
    public void ATransportErrorThatIsNoCancellationStaysAFailureIfTheCallerHasGivenUp()
    {
        var type = TTransportException.ExceptionType.Interrupted;

        Assert.Equal(CallOutcome.Failure, OfGivenUp(new TTransportException(type, "interrupted")));
        Assert.Equal(CallOutcome.Failure, OfGivenUp(new TTransportException(type, "interrupted", new IOException())));
        Assert.Equal(
            CallOutcome.Failure,
            OfGivenUp(new TTransportException(TTransportException.ExceptionType.NotOpen, "closed", new OperationCanceledException())));
    }

    [Fact]
    public void ARejectionByAnotherCircuitDoesNotCascade()
    {
        var rejection = new CircuitOpenException(new CircuitBreaker());

        Assert.Equal(CallOutcome.Ignored, Of(rejection));
        Assert.Equal(CallOutcome.Ignored, Of(rejection, new ThriftMethod("ping") { Throws = [typeof(TException)] }));
    }

    [Fact]
    public void ACallWhoseOwnSideWasClosedIsIgnored()
    {
        Assert.Equal(CallOutcome.Ignored, Of(new ObjectDisposedException("the channel")));
        Assert.Equal(CallOutcome.Ignored, Of(new TTransportException(TTransportException.ExceptionType.Unknown, "HTTP", new ObjectDisposedException("the client"))));
        Assert.Equal(CallOutcome.Ignored, Of(new SocketException((int)SocketError.OperationAborted)));
        Assert.Equal(CallOutcome.Ignored, Of(new IOException("aborted", new SocketException((int)SocketError.OperationAborted))));
    }

    [Fact]
    public void AReturnIsASuccess()
    {
        Assert.Equal(CallOutcome.Success, OutcomeRules.OfReturn(method: null));
        Assert.Equal(CallOutcome.Success, OutcomeRules.OfReturn(ContractUnknown));
    }

    [Theory]
    [InlineData(true, CallOutcome.Ignored)]
    [InlineData(false, CallOutcome.Failure)]
    public void AWaitForAConnectionIsTheServersFaultIfItAnswersNobody(bool answers, CallOutcome outcome)
        => Assert.Equal(outcome, Of(new AcquireTimeoutException("localhost", TimeSpan.FromSeconds(1), "MaxConnections", 1, answers)));

    [Fact]
    public void AOnewayCallThatReturnsSaysNothing()
        => Assert.Equal(CallOutcome.Ignored, OutcomeRules.OfReturn(new ThriftMethod("fire") { Oneway = true }));

    [Fact]
    public void AContractHasAName()
    {
        Assert.Equal("ping", NothingDeclared.Name);
        Assert.Throws<ArgumentNullException>("name", static () => new ThriftMethod(null!));
    }

    private static CallOutcome Of(Exception error, ThriftMethod? method = null)
        => CallOutcomeClassifier.OfException(new CircuitBreaker(), elapsed: default, error, method, TestContext.Current.CancellationToken);

    /// <summary>The same for a caller whose token is cancelled.</summary>
    private static CallOutcome OfGivenUp(Exception error, ThriftMethod? method = null)
        => CallOutcomeClassifier.OfException(new CircuitBreaker(), elapsed: default, error, method, GivenUp);

#pragma warning disable CA1032 // Like its base class, which the Thrift compiler wrote.
    private sealed class StrictDivisionByZero : DivisionByZero;
#pragma warning restore CA1032
}
