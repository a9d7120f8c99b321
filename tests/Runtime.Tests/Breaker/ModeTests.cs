using ThriftBreaker.Runtime.Tests.Breaker.Histories;

namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>The modes, in every state, by SetMode and by the options.</summary>
public sealed class ModeTests
{
    public static TheoryData<CircuitState> EveryState => [.. Enum.GetValues<CircuitState>()];

    public static TheoryData<CircuitMode> EveryMode => [.. Enum.GetValues<CircuitMode>()];

    public static TheoryData<CircuitState, CircuitMode> EveryStateAndMode =>
        new MatrixTheoryData<CircuitState, CircuitMode>(Enum.GetValues<CircuitState>(), Enum.GetValues<CircuitMode>());

    [Theory]
    [MemberData(nameof(EveryStateAndMode))]
    public void SetMode_InFlightCall_IsIgnoredOnlyIfTheModeChanges(CircuitState state, CircuitMode mode)
    {
        var circuit = TestCircuit.Create(TestCircuit.Settings with { FailMax = 1, Mode = CircuitMode.ReportOnly });
        if (state == CircuitState.Open)
        {
            circuit.CircuitBreaker.Open();
        }
        else if (state == CircuitState.HalfOpen)
        {
            circuit.CircuitBreaker.HalfOpen();
        }

        var failing = circuit.Enter();
        circuit.CircuitBreaker.SetMode(mode);

        Assert.Equal(mode == CircuitMode.ReportOnly && state != CircuitState.Open, failing.Complete(CallOutcome.Failure));
    }

    [Theory]
    [MemberData(nameof(EveryMode))]
    public void NewCircuitBreaker_StartsInAnyMode(CircuitMode mode)
    {
        var circuit = TestCircuit.Create(TestCircuit.Settings with { Mode = mode });

        Assert.Equal((CircuitState.Closed, mode), (circuit.CircuitBreaker.State, circuit.CircuitBreaker.Mode));
        Assert.Equal(mode == CircuitMode.Isolated, circuit.CircuitBreaker.IsRejecting);
        Assert.Equal(mode != CircuitMode.Isolated, circuit.CircuitBreaker.TryEnter(out _));
    }

    [Theory]
    [MemberData(nameof(EveryState))]
    public void Isolated_RejectsWithoutTimeout(CircuitState state)
    {
        var circuit = TestCircuit.CreateIn(state);
        circuit.CircuitBreaker.SetMode(CircuitMode.Isolated);

        circuit.Reject();
        circuit.Clock.Advance(TimeSpan.FromDays(365));
        circuit.Reject();

        Assert.True(circuit.CircuitBreaker.IsRejecting);
        Assert.Null(circuit.CircuitBreaker.RetryAfter);
        Assert.Equal(state, circuit.CircuitBreaker.State);
    }

    [Theory]
    [MemberData(nameof(EveryState))]
    public void Disabled_CallsPass_NothingIsRecorded(CircuitState state)
    {
        var circuit = TestCircuit.CreateIn(state);
        var failures = circuit.CircuitBreaker.FailureCount;
        circuit.CircuitBreaker.SetMode(CircuitMode.Disabled);
        circuit.CircuitBreaker.CallCompleted += static (_, _) => Assert.Fail("Nothing is recorded.");
        circuit.Changes.Clear();

        circuit.Fail(times: 10);
        circuit.Succeed();

        Assert.Equal((state, failures), (circuit.CircuitBreaker.State, circuit.CircuitBreaker.FailureCount));
        Assert.False(circuit.CircuitBreaker.IsRejecting);
        Assert.Null(circuit.CircuitBreaker.RetryAfter);
        Assert.False(circuit.Enter().IsProbe);
        Assert.Empty(circuit.Changes);
    }

    /// <summary>CallCompleted is raised for a call that began before: handlers may count the calls in flight.</summary>
    [Fact]
    public void Disabled_InFlightCall_IsRaised_AndChangesNothing()
    {
        var circuit = TestCircuit.Closed(failMax: 1);
        var heard = new List<CallOutcome>();
        circuit.CircuitBreaker.CallCompleted += (_, call) => heard.Add(call.Outcome);
        var inFlight = circuit.Enter();

        circuit.CircuitBreaker.SetMode(CircuitMode.Disabled);

        Assert.False(inFlight.Complete(CallOutcome.Failure));
        Assert.Equal([CallOutcome.Failure], heard);
        Assert.Equal((CircuitState.Closed, 0, 1L), (circuit.CircuitBreaker.State, circuit.CircuitBreaker.FailureCount, circuit.CircuitBreaker.StaleOutcomeCount));
    }

    [Fact]
    public void ReportOnly_TripAndRecovery_CallsStillPass()
    {
        var circuit = TestCircuit.Create(TestCircuit.Settings with { Mode = CircuitMode.ReportOnly });
        var rejections = new List<CallRejectedEventArgs>();
        circuit.CircuitBreaker.CallRejected += (_, rejection) => rejections.Add(rejection);

        circuit.Fail(times: 3);
        Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
        Assert.False(circuit.CircuitBreaker.IsRejecting);
        Assert.Empty(rejections);

        circuit.Fail(times: 2);
        Assert.Equal(3, circuit.CircuitBreaker.FailureCount);
        var rejected = ("orders", CircuitState.Open, CircuitMode.ReportOnly, (TimeSpan?)TestCircuit.ResetTimeout);
        Assert.Equal([rejected, rejected], rejections.Select(EventValues.ToValues));

        circuit.Clock.Advance(TestCircuit.ResetTimeout);
        var probe = circuit.Enter();
        Assert.True(probe.IsProbe);
        Assert.False(circuit.Enter().IsProbe);
        Assert.Equal(("orders", CircuitState.HalfOpen, CircuitMode.ReportOnly, TimeSpan.Zero), rejections[^1].ToValues());

        probe.Complete(CallOutcome.Success);
        Assert.Equal((CircuitState.Closed, CircuitMode.ReportOnly), (circuit.CircuitBreaker.State, circuit.CircuitBreaker.Mode));
        Assert.Equal(3, rejections.Count);
    }

    [Fact]
    public void ReportOnly_ReportedCall_OutcomeIsIgnored()
    {
        var circuit = TestCircuit.Create(TestCircuit.Settings with { Mode = CircuitMode.ReportOnly });
        circuit.Fail(times: 3);
        var passed = circuit.Enter();
        circuit.Clock.Advance(TestCircuit.ResetTimeout);
        var probe = circuit.Enter();

        Assert.False(passed.Complete(CallOutcome.Failure));

        Assert.Equal(CircuitState.HalfOpen, circuit.CircuitBreaker.State);
        probe.Complete(CallOutcome.Success);
        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
    }

    [Fact]
    public void ReportOnly_ProbeTimedOut_OpensAndCallPasses()
    {
        var circuit = TestCircuit.Create(TestCircuit.Settings with { Mode = CircuitMode.ReportOnly });
        circuit.CircuitBreaker.HalfOpen();
        _ = circuit.Enter();
        circuit.Clock.Advance(TestCircuit.ProbeTimeout);

        Assert.False(circuit.Enter().IsProbe);

        Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
    }

    [Theory]
    [InlineData(CircuitMode.Isolated)]
    [InlineData(CircuitMode.Disabled)]
    [InlineData(CircuitMode.ReportOnly)]
    public void ManualTransition_KeepsTheMode(CircuitMode mode)
    {
        var circuit = TestCircuit.Create(TestCircuit.Settings with { Mode = mode });

        circuit.CircuitBreaker.Open();
        Assert.Equal((CircuitState.Open, mode), (circuit.CircuitBreaker.State, circuit.CircuitBreaker.Mode));
        circuit.CircuitBreaker.HalfOpen();
        Assert.Equal((CircuitState.HalfOpen, mode), (circuit.CircuitBreaker.State, circuit.CircuitBreaker.Mode));
        circuit.CircuitBreaker.Close();
        Assert.Equal((CircuitState.Closed, mode), (circuit.CircuitBreaker.State, circuit.CircuitBreaker.Mode));
        Assert.Equal(3, circuit.Changes.Count);
    }

    [Fact]
    public void SetMode_Open_KeepsTheResetTimeout()
    {
        var circuit = TestCircuit.Open();
        circuit.Clock.Advance(TimeSpan.FromSeconds(10));
        circuit.CircuitBreaker.SetMode(CircuitMode.Isolated);
        circuit.Clock.Advance(TimeSpan.FromSeconds(5));
        circuit.CircuitBreaker.SetMode(CircuitMode.ReportOnly);

        Assert.Equal(TestCircuit.ResetTimeout - TimeSpan.FromSeconds(15), circuit.CircuitBreaker.RetryAfter);
        circuit.Clock.Advance(TestCircuit.ResetTimeout - TimeSpan.FromSeconds(15));
        Assert.True(circuit.Enter().IsProbe);
        Assert.Equal(TestCircuit.ResetTimeout, circuit.Changes[^1].TimeInPreviousState);
    }

    [Fact]
    public void SetMode_HalfOpen_AbandonsTheProbe()
    {
        var circuit = TestCircuit.Due(successThreshold: 2);
        circuit.Succeed();
        var probe = circuit.Enter();

        circuit.CircuitBreaker.SetMode(CircuitMode.ReportOnly);

        Assert.Equal(0, circuit.CircuitBreaker.SuccessCount);
        Assert.False(probe.Complete(CallOutcome.Failure));
        Assert.True(circuit.Enter().IsProbe);
    }

    [Fact]
    public void SetMode_Closed_KeepsTheFailureCount()
    {
        var circuit = TestCircuit.Closed(failMax: 3);
        circuit.Fail(times: 2);

        circuit.CircuitBreaker.SetMode(CircuitMode.ReportOnly);
        circuit.Fail();

        Assert.Equal((CircuitState.Open, 3), (circuit.CircuitBreaker.State, circuit.CircuitBreaker.FailureCount));
    }

    [Fact]
    public void SetMode_SameMode_ChangesNothing()
    {
        var circuit = TestCircuit.Create(TestCircuit.Settings with { Mode = CircuitMode.ReportOnly, FailMax = 1 });
        var failing = circuit.Enter();

        circuit.CircuitBreaker.SetMode(CircuitMode.ReportOnly);

        Assert.True(failing.Complete(CallOutcome.Failure));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    [InlineData(int.MaxValue)]
    public void SetMode_Undefined_Throws_AndChangesNothing(int mode)
    {
        var circuit = TestCircuit.CreateIn(CircuitState.HalfOpen);
        var before = (circuit.CircuitBreaker.State, circuit.CircuitBreaker.Mode, circuit.CircuitBreaker.FailureCount, circuit.CircuitBreaker.Generation);

        var error = Assert.Throws<ArgumentOutOfRangeException>(nameof(mode), () => circuit.CircuitBreaker.SetMode((CircuitMode)mode));

        Assert.Equal((CircuitMode)mode, error.ActualValue);
        Assert.StartsWith("The mode must be Auto, Isolated, Disabled or ReportOnly.", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, (circuit.CircuitBreaker.State, circuit.CircuitBreaker.Mode, circuit.CircuitBreaker.FailureCount, circuit.CircuitBreaker.Generation));
    }
}
