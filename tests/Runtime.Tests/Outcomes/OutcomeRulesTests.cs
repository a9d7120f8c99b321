using System.Net.Sockets;
using Circuit.Calculators;
using Thrift;
using Thrift.Protocol;
using Thrift.Transport;
using ThriftBreaker.GeneratedCode;

namespace ThriftBreaker.Runtime.Tests.Outcomes;

/// <summary>The rules for the outcomes of calls.</summary>
public sealed class OutcomeRulesTests
{
    private static readonly ThriftMethod DivisionByZeroDeclared = new("calculate") { Throws = [typeof(DivisionByZero)] };
    private static readonly ThriftMethod NothingDeclared = new("ping") { Throws = [] };
    private static readonly ThriftMethod ContractUnknown = new("ping", null);
    private static readonly CancellationToken Cancelled = new(canceled: true);

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
    public void ErrorOfServiceOrTransport_IsAFailure(Exception error)
    {
        Assert.Equal(CallOutcome.Failure, Classify(error));
        Assert.Equal(CallOutcome.Failure, Classify(error, DivisionByZeroDeclared));
        Assert.Equal(CallOutcome.Failure, ClassifyCancelled(error));
    }

    [Theory]
    [MemberData(nameof(TransportErrors))]
    public void TransportException_EveryType_IsAFailure(TTransportException.ExceptionType type)
        => Assert.Equal(CallOutcome.Failure, Classify(new TTransportException(type, "broken")));

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
    public void ApplicationException_IsClassifiedByType(TApplicationException.ExceptionType type, CallOutcome expected)
    {
        var error = new TApplicationException(type, "from the server");

        Assert.Equal(expected, Classify(error));
        Assert.Equal(expected, Classify(error, NothingDeclared));
    }

    [Fact]
    public void ApplicationException_EveryType_IsTested()
    {
        var row = typeof(OutcomeRulesTests).GetMethod(nameof(ApplicationException_IsClassifiedByType))!;
        var covered = row.GetCustomAttributes(typeof(InlineDataAttribute), inherit: false).Cast<InlineDataAttribute>()
            .Select(static data => (TApplicationException.ExceptionType)data.Data[0]!);

        Assert.Empty(Enum.GetValues<TApplicationException.ExceptionType>().Except(covered));
    }

    [Fact]
    public void DeclaredException_IsASuccess()
        => Assert.Equal(CallOutcome.Success, Classify(new DivisionByZero(), DivisionByZeroDeclared));

    [Fact]
    public void SubclassOfDeclaredException_IsASuccess()
        => Assert.Equal(CallOutcome.Success, Classify(new StrictDivisionByZero(), DivisionByZeroDeclared));

    [Fact]
    public void UndeclaredException_IsAFailure()
    {
        Assert.Equal(CallOutcome.Failure, Classify(new Overflow(), DivisionByZeroDeclared));
        Assert.Equal(CallOutcome.Failure, Classify(new Overflow(), NothingDeclared));
    }

    [Fact]
    public void NoContract_ThriftStructException_IsASuccess()
    {
        Assert.Equal(CallOutcome.Success, Classify(new Overflow()));
        Assert.Equal(CallOutcome.Success, Classify(new Overflow(), ContractUnknown));
    }

    [Fact]
    public void DeclaredException_CallerCancelled_IsASuccess()
        => Assert.Equal(CallOutcome.Success, ClassifyCancelled(new DivisionByZero(), DivisionByZeroDeclared));

    [Fact]
    public void CallersCancellation_IsIgnored()
    {
        Assert.Equal(CallOutcome.Cancelled, ClassifyCancelled(new OperationCanceledException()));
        Assert.Equal(CallOutcome.Cancelled, ClassifyCancelled(new TaskCanceledException(), NothingDeclared));
        Assert.Equal(CallOutcome.Cancelled, ClassifyCancelled(new OperationCanceledException(Cancelled)));
    }

    [Fact]
    public void OtherCancellation_IsAFailure()
    {
        Assert.Equal(CallOutcome.Failure, Classify(new OperationCanceledException()));
        Assert.Equal(CallOutcome.Failure, Classify(new TaskCanceledException(), NothingDeclared));
        Assert.Equal(CallOutcome.Failure, Classify(new OperationCanceledException(Cancelled)));
    }

    [Fact]
    public void InterruptedTransport_CallerCancelled_IsCancelled()
    {
        var interrupted = new TTransportException(
            TTransportException.ExceptionType.Interrupted, "interrupted", new OperationCanceledException());

        Assert.Equal(CallOutcome.Cancelled, ClassifyCancelled(interrupted));
        Assert.Equal(CallOutcome.Failure, Classify(interrupted));
    }

    [Fact]
    public void TransportError_CallerCancelled_IsAFailure()
    {
        var type = TTransportException.ExceptionType.Interrupted;

        Assert.Equal(CallOutcome.Failure, ClassifyCancelled(new TTransportException(type, "interrupted")));
        Assert.Equal(CallOutcome.Failure, ClassifyCancelled(new TTransportException(type, "interrupted", new IOException())));
    }

    public static TheoryData<Exception> WrappedCancellations =>
    [
        new TTransportException(TTransportException.ExceptionType.NotOpen, "closed", new OperationCanceledException()),
        new IOException("the read was cancelled", new OperationCanceledException()),
        new IOException("twice", new IOException("wrapped", new TaskCanceledException())),
        new AggregateException(new OperationCanceledException()),
        new AggregateException(new TaskCanceledException(), new IOException("wrapped", new OperationCanceledException())),
        new InvalidOperationException("by the user's own client", new AggregateException(new OperationCanceledException())),
    ];

    [Theory]
    [MemberData(nameof(WrappedCancellations))]
    public void WrappedCancellation_CallerCancelled_IsCancelled(Exception error)
    {
        Assert.Equal(CallOutcome.Cancelled, ClassifyCancelled(error));
        Assert.Equal(CallOutcome.Cancelled, ClassifyCancelled(error, NothingDeclared));
        Assert.Equal(CallOutcome.Failure, Classify(error));
    }

    public static TheoryData<Exception> NotOnlyCancellations =>
    [
        new AggregateException(new OperationCanceledException(), new IOException("broken")),
        new AggregateException(),
        new TimeoutException("the call's own deadline", new OperationCanceledException()),
        new IOException("the deadline", new TimeoutException("expired", new OperationCanceledException())),
    ];

    [Theory]
    [MemberData(nameof(NotOnlyCancellations))]
    public void AnotherReasonBesideCancellation_CallerCancelled_IsAFailure(Exception error)
        => Assert.Equal(CallOutcome.Failure, ClassifyCancelled(error));

    [Fact]
    public void RejectionByOtherCircuitBreaker_IsIgnored()
    {
        var rejection = new CircuitOpenException(new CircuitBreaker());

        Assert.Equal(CallOutcome.Ignored, Classify(rejection));
        Assert.Equal(CallOutcome.Ignored, Classify(rejection, new ThriftMethod("ping") { Throws = [typeof(TException)] }));
    }

    [Fact]
    public void ClientSideClosed_IsIgnored()
    {
        Assert.Equal(CallOutcome.Ignored, Classify(new ObjectDisposedException("the channel")));
        Assert.Equal(CallOutcome.Ignored, Classify(new TTransportException(TTransportException.ExceptionType.Unknown, "HTTP", new ObjectDisposedException("the client"))));
        Assert.Equal(CallOutcome.Ignored, Classify(new SocketException((int)SocketError.OperationAborted)));
        Assert.Equal(CallOutcome.Ignored, Classify(new IOException("aborted", new SocketException((int)SocketError.OperationAborted))));
    }

    [Fact]
    public void Return_IsASuccess()
    {
        Assert.Equal(CallOutcome.Success, OutcomeRules.ClassifyResult(method: null));
        Assert.Equal(CallOutcome.Success, OutcomeRules.ClassifyResult(ContractUnknown));
    }

    [Theory]
    [InlineData(true, CallOutcome.Ignored)]
    [InlineData(false, CallOutcome.Failure)]
    public void AcquireTimeout_IsAFailureIfTheServerDoesNotRespond(bool answers, CallOutcome outcome)
        => Assert.Equal(outcome, Classify(new AcquireTimeoutException("localhost", TimeSpan.FromSeconds(1), "MaxConnections", 1, answers)));

    [Fact]
    public void OnewayReturn_IsIgnored()
        => Assert.Equal(CallOutcome.Ignored, OutcomeRules.ClassifyResult(new ThriftMethod("fire") { Oneway = true }));

    [Fact]
    public void NullName_Throws()
    {
        Assert.Equal("ping", NothingDeclared.Name);
        Assert.Throws<ArgumentNullException>("name", static () => new ThriftMethod(null!));
    }

    private static CallOutcome Classify(Exception error, ThriftMethod? method = null)
        => CallOutcomeClassifier.ClassifyException(new CircuitBreaker(), elapsed: default, error, method, TestContext.Current.CancellationToken);

    /// <summary>Classifies an exception for a caller whose token is cancelled.</summary>
    private static CallOutcome ClassifyCancelled(Exception error, ThriftMethod? method = null)
        => CallOutcomeClassifier.ClassifyException(new CircuitBreaker(), elapsed: default, error, method, Cancelled);

#pragma warning disable CA1032 // Like its base class, which the Thrift compiler generates.
    private sealed class StrictDivisionByZero : DivisionByZero;
#pragma warning restore CA1032
}
