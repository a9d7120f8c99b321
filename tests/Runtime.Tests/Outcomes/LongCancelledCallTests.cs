using Thrift.Transport;
using ThriftBreaker.GeneratedCode;

namespace ThriftBreaker.Runtime.Tests.Outcomes;

/// <summary>
/// A call that its caller cancelled is ignored, unless it took so long that the service must be hanging.
/// </summary>
public sealed class LongCancelledCallTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly CancellationToken GivenUp = new(canceled: true);
    private static readonly CircuitBreakerOptions Limited = TestCircuit.Settings with { CancelledCountsAsFailureAfter = Limit };

    public static TheoryData<Exception> Cancellations =>
    [
        new OperationCanceledException(),
        new TaskCanceledException(),
        new TTransportException(TTransportException.ExceptionType.Interrupted, "interrupted", new OperationCanceledException()),
        new IOException("wrapped", new OperationCanceledException()),
    ];

    [Theory]
    [MemberData(nameof(Cancellations))]
    public void FromTheLimitOn_IsAFailure(Exception cancellation)
    {
        Assert.Equal(CallOutcome.Cancelled, After(Limited, Limit - TestCircuit.Tick, cancellation));
        Assert.Equal(CallOutcome.Failure, After(Limited, Limit, cancellation));
        Assert.Equal(CallOutcome.Failure, After(Limited, TimeSpan.FromDays(1), cancellation));
    }

    [Theory]
    [MemberData(nameof(Cancellations))]
    public void NoLimit_IsIgnored(Exception cancellation)
        => Assert.Equal(CallOutcome.Cancelled, After(TestCircuit.Settings, TimeSpan.FromDays(1), cancellation));

    [Fact]
    public void IgnoredException_IsIgnored()
        => Assert.Equal(CallOutcome.Ignored, After(Limited, TimeSpan.FromDays(1), new ObjectDisposedException("the channel")));

    [Fact]
    public void CallerGetsItsCancellation_CircuitOpens()
    {
        var circuit = TestCircuit.Create(Limited with { FailMax = 1 });
        using var caller = new CancellationTokenSource();
        void GiveUp() => caller.Cancel();

        var call = circuit.CircuitBreaker.ExecuteAsync(
            token =>
            {
                circuit.Clock.Advance(Limit);
                GiveUp();
                return Task.FromCanceled(token);
            },
            caller.Token);

        Assert.True(call.IsCanceled);
        Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
        Assert.IsAssignableFrom<OperationCanceledException>(circuit.CircuitBreaker.LastException);
    }

    [Fact]
    public void LongCancelledProbe_Opens()
    {
        var circuit = TestCircuit.Create(Limited with { ProbeTimeout = 2 * Limit });
        circuit.CircuitBreaker.HalfOpen();
        var probe = circuit.Enter();
        circuit.Clock.Advance(Limit);

        new CallGuard(circuit.CircuitBreaker).Failed(ref probe, new OperationCanceledException(), method: null, GivenUp);

        Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
    }

    private static CallOutcome After(CircuitBreakerOptions options, TimeSpan took, Exception error)
    {
        var circuit = TestCircuit.Create(options);
        var ticket = circuit.Enter();
        circuit.Clock.Advance(took);
        return CallOutcomeClassifier.ClassifyException(circuit.CircuitBreaker, circuit.CircuitBreaker.ElapsedOf(ticket), error, method: null, GivenUp);
    }
}
