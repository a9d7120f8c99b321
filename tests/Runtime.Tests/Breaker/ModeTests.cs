using ThriftBreaker.Runtime.Tests.Breaker.Histories;

namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>Isolated, disabled, shadow and back: from every state, at run time and from the start.</summary>
public sealed class ModeTests
{
    public static TheoryData<CircuitState> EveryState => [.. Enum.GetValues<CircuitState>()];

    public static TheoryData<CircuitMode> EveryMode => [.. Enum.GetValues<CircuitMode>()];

    public static TheoryData<CircuitState, CircuitMode> EveryStateAndMode =>
        new MatrixTheoryData<CircuitState, CircuitMode>(Enum.GetValues<CircuitState>(), Enum.GetValues<CircuitMode>());

    [Theory]
    [MemberData(nameof(EveryStateAndMode))]
    public void ACallUnderWayLosesItsSayOnlyWhereTheModeChanges(CircuitState state, CircuitMode mode)
    {
        var circuit = TestCircuit.Of(TestCircuit.Settings with { FailMax = 1, Mode = CircuitMode.Shadow });
        if (state == CircuitState.Open)
        {
            circuit.Breaker.Open();
        }
        else if (state == CircuitState.HalfOpen)
        {
            circuit.Breaker.HalfOpen();
        }

        var failing = circuit.Enter();
        circuit.Breaker.Turn(mode);

        Assert.Equal(mode == CircuitMode.Shadow && state != CircuitState.Open, failing.Complete(CallOutcome.Failure));
    }

    [Theory]
    [MemberData(nameof(EveryMode))]
    public void ACircuitMayStartInAnyMode(CircuitMode mode)
    {
        var circuit = TestCircuit.Of(TestCircuit.Settings with { Mode = mode });

        Assert.Equal((CircuitState.Closed, mode), (circuit.Breaker.State, circuit.Breaker.Mode));
        Assert.Equal(mode == CircuitMode.Isolated, circuit.Breaker.IsRejecting);
        Assert.Equal(mode != CircuitMode.Isolated, circuit.Breaker.TryEnter(out _));
    }

    [Theory]
    [MemberData(nameof(EveryState))]
    public void AnIsolatedCircuitRejectsForEver(CircuitState state)
    {
        var circuit = TestCircuit.In(state);
        circuit.Breaker.Isolate();

        circuit.Reject();
        circuit.Clock.Advance(TimeSpan.FromDays(365));
        circuit.Reject();

        Assert.True(circuit.Breaker.IsRejecting);
        Assert.Null(circuit.Breaker.RetryAfter);
        Assert.Equal(state, circuit.Breaker.State);
    }

    [Theory]
    [MemberData(nameof(EveryState))]
    public void ADisabledCircuitLetsEveryCallPassAndRecordsNothing(CircuitState state)
    {
        var circuit = TestCircuit.In(state);
        var failures = circuit.Breaker.FailureCount;
        circuit.Breaker.Disable();
        circuit.Breaker.CallFinished += static (_, _) => Assert.Fail("Nothing is recorded.");
        circuit.Changes.Clear();

        circuit.Fail(times: 10);
        circuit.Succeed();

        Assert.Equal((state, failures), (circuit.Breaker.State, circuit.Breaker.FailureCount));
        Assert.False(circuit.Breaker.IsRejecting);
        Assert.Null(circuit.Breaker.RetryAfter);
        Assert.False(circuit.Enter().IsProbe);
        Assert.Empty(circuit.Changes);
    }

    /// <summary>A call that began before is heard of: somebody may be counting those that are under way.</summary>
    [Fact]
    public void ACallThatWasUnderWayWhenItWasDisabledIsHeardOfAndChangesNothing()
    {
        var circuit = TestCircuit.Closed(failMax: 1);
        var heard = new List<CallOutcome>();
        circuit.Breaker.CallFinished += (_, call) => heard.Add(call.Outcome);
        var underWay = circuit.Enter();

        circuit.Breaker.Disable();

        Assert.False(underWay.Complete(CallOutcome.Failure));
        Assert.Equal([CallOutcome.Failure], heard);
        Assert.Equal((CircuitState.Closed, 0, 1L), (circuit.Breaker.State, circuit.Breaker.FailureCount, circuit.Breaker.StaleVerdicts));
    }

    [Fact]
    public void ACircuitInShadowTripsAndRecoversAndRejectsNobody()
    {
        var circuit = TestCircuit.Of(TestCircuit.Settings with { Mode = CircuitMode.Shadow });
        var rejections = new List<CallRejection>();
        circuit.Breaker.CallRejected += (_, rejection) => rejections.Add(rejection);

        circuit.Fail(times: 3);
        Assert.Equal(CircuitState.Open, circuit.Breaker.State);
        Assert.False(circuit.Breaker.IsRejecting);
        Assert.Empty(rejections);

        circuit.Fail(times: 2);
        Assert.Equal(3, circuit.Breaker.FailureCount);
        var rejected = new CallRejection("orders", CircuitState.Open, CircuitMode.Shadow, TestCircuit.ResetTimeout);
        Assert.Equal([rejected, rejected], rejections);

        circuit.Clock.Advance(TestCircuit.ResetTimeout);
        var probe = circuit.Enter();
        Assert.True(probe.IsProbe);
        Assert.False(circuit.Enter().IsProbe);
        Assert.Equal(new("orders", CircuitState.HalfOpen, CircuitMode.Shadow, TimeSpan.Zero), rejections[^1]);

        probe.Complete(CallOutcome.Success);
        Assert.Equal((CircuitState.Closed, CircuitMode.Shadow), (circuit.Breaker.State, circuit.Breaker.Mode));
        Assert.Equal(3, rejections.Count);
    }

    [Fact]
    public void ACallThatShadowLetPassSaysNothing()
    {
        var circuit = TestCircuit.Of(TestCircuit.Settings with { Mode = CircuitMode.Shadow });
        circuit.Fail(times: 3);
        var passed = circuit.Enter();
        circuit.Clock.Advance(TestCircuit.ResetTimeout);
        var probe = circuit.Enter();

        Assert.False(passed.Complete(CallOutcome.Failure));

        Assert.Equal(CircuitState.HalfOpen, circuit.Breaker.State);
        probe.Complete(CallOutcome.Success);
        Assert.Equal(CircuitState.Closed, circuit.Breaker.State);
    }

    [Fact]
    public void ALostProbeInShadowOpensTheCircuitAndTheCallPasses()
    {
        var circuit = TestCircuit.Of(TestCircuit.Settings with { Mode = CircuitMode.Shadow });
        circuit.Breaker.HalfOpen();
        _ = circuit.Enter();
        circuit.Clock.Advance(TestCircuit.ProbeTimeout);

        Assert.False(circuit.Enter().IsProbe);

        Assert.Equal(CircuitState.Open, circuit.Breaker.State);
    }

    [Theory]
    [InlineData(CircuitMode.Isolated)]
    [InlineData(CircuitMode.Disabled)]
    [InlineData(CircuitMode.Shadow)]
    public void SteeringChangesTheStateAndLeavesTheMode(CircuitMode mode)
    {
        var circuit = TestCircuit.Of(TestCircuit.Settings with { Mode = mode });

        circuit.Breaker.Open();
        Assert.Equal((CircuitState.Open, mode), (circuit.Breaker.State, circuit.Breaker.Mode));
        circuit.Breaker.HalfOpen();
        Assert.Equal((CircuitState.HalfOpen, mode), (circuit.Breaker.State, circuit.Breaker.Mode));
        circuit.Breaker.Close();
        Assert.Equal((CircuitState.Closed, mode), (circuit.Breaker.State, circuit.Breaker.Mode));
        Assert.Equal(3, circuit.Changes.Count);
    }

    [Fact]
    public void AnOpenCircuitThatIsTurnedStaysOpenAsLongAsItWouldHave()
    {
        var circuit = TestCircuit.Open();
        circuit.Clock.Advance(TimeSpan.FromSeconds(10));
        circuit.Breaker.Isolate();
        circuit.Clock.Advance(TimeSpan.FromSeconds(5));
        circuit.Breaker.Shadow();

        Assert.Equal(TestCircuit.ResetTimeout - TimeSpan.FromSeconds(15), circuit.Breaker.RetryAfter);
        circuit.Clock.Advance(TestCircuit.ResetTimeout - TimeSpan.FromSeconds(15));
        Assert.True(circuit.Enter().IsProbe);
        Assert.Equal(TestCircuit.ResetTimeout, circuit.Changes[^1].After);
    }

    [Fact]
    public void AHalfOpenCircuitThatIsTurnedGivesUpItsProbe()
    {
        var circuit = TestCircuit.Due(successThreshold: 2);
        circuit.Succeed();
        var probe = circuit.Enter();

        circuit.Breaker.Shadow();

        Assert.Equal(0, circuit.Breaker.SuccessCount);
        Assert.False(probe.Complete(CallOutcome.Failure));
        Assert.True(circuit.Enter().IsProbe);
    }

    [Fact]
    public void AClosedCircuitThatIsTurnedKeepsItsStreak()
    {
        var circuit = TestCircuit.Closed(failMax: 3);
        circuit.Fail(times: 2);

        circuit.Breaker.Shadow();
        circuit.Fail();

        Assert.Equal((CircuitState.Open, 3), (circuit.Breaker.State, circuit.Breaker.FailureCount));
    }

    [Fact]
    public void TurningToTheSameModeIsNothing()
    {
        var circuit = TestCircuit.Of(TestCircuit.Settings with { Mode = CircuitMode.Shadow, FailMax = 1 });
        var failing = circuit.Enter();

        circuit.Breaker.Shadow();

        Assert.True(failing.Complete(CallOutcome.Failure));
    }
}
