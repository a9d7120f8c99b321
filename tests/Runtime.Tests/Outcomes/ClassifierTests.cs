using ThriftBreaker.GeneratedCode;

namespace ThriftBreaker.Runtime.Tests.Outcomes;

/// <summary>The user's classifier is called first, for results and exceptions, and cannot affect a call.</summary>
public sealed class ClassifierTests
{
    private static readonly TimeSpan Took = TimeSpan.FromSeconds(2);
    private static readonly ThriftMethod Ping = new("ping") { Throws = [] };
    private static readonly ThriftMethod Fire = new("fire") { Oneway = true };

    public static TheoryData<CallOutcome> EveryOutcome => [.. Enum.GetValues<CallOutcome>()];

    [Theory]
    [MemberData(nameof(EveryOutcome))]
    public void Exception_Classified_BeforeEveryRule(CallOutcome outcome)
    {
        var breaker = new CircuitBreaker(new() { OutcomeClassifier = _ => outcome, FailOn = [typeof(Exception)], ExcludeWhen = static _ => true });

        Assert.All<Exception>(
            [new InvalidOperationException(), new OperationCanceledException(), new CircuitOpenException(breaker)],
            error => Assert.Equal(outcome, CallOutcomeClassifier.ClassifyException(breaker, elapsed: default, error, Ping, new CancellationToken(canceled: true))));
    }

    [Theory]
    [MemberData(nameof(EveryOutcome))]
    public void Result_Classified_BeforeEveryRule(CallOutcome outcome)
        => Assert.Equal(outcome, CallOutcomeClassifier.ClassifyResult(new CircuitBreaker(new() { OutcomeClassifier = _ => outcome }), elapsed: default, Fire, result: 42));

    [Fact]
    public void ReturnsNull_RulesApply()
    {
        var breaker = new CircuitBreaker(new() { OutcomeClassifier = static _ => null, Ignore = [typeof(IOException)] });

        Assert.Equal(CallOutcome.Success, CallOutcomeClassifier.ClassifyResult(breaker, elapsed: default, Ping, result: 42));
        Assert.Equal(CallOutcome.Ignored, CallOutcomeClassifier.ClassifyException(breaker, elapsed: default, new IOException(), Ping, CancellationToken.None));
        Assert.Equal(CallOutcome.Failure, CallOutcomeClassifier.ClassifyException(breaker, elapsed: default, new TimeoutException(), Ping, CancellationToken.None));
    }

    [Fact]
    public void Classifier_GetsMethodResultErrorAndElapsed()
    {
        var ends = new List<CallResult>();
        var circuit = TestCircuit.Create(TestCircuit.Settings with
        {
            OutcomeClassifier = end =>
            {
                ends.Add(end);
                return null;
            },
        });
        var error = new TimeoutException();

        var returned = circuit.Enter();
        circuit.Clock.Advance(Took);
        new CallGuard(circuit.CircuitBreaker).Returned(ref returned, Ping, result: 42);
        var silent = circuit.Enter();
        new CallGuard(circuit.CircuitBreaker).Returned(ref silent, Fire);
        var failed = circuit.Enter();
        circuit.Clock.Advance(Took);
        new CallGuard(circuit.CircuitBreaker).Failed(ref failed, error, Ping, CancellationToken.None);
        circuit.CircuitBreaker.Execute(static () => "a result");

        Assert.Equal(
            [
                new("ping", 42, Exception: null, Took),
                new("fire", Result: null, Exception: null, TimeSpan.Zero),
                new("ping", Result: null, error, Took),
                new("", "a result", Exception: null, TimeSpan.Zero),
            ],
            ends);
    }

    [Fact]
    public async Task ResultClassifiedAsFailure_Trips_CallerGetsTheResult()
    {
        var breaker = new CircuitBreaker(new()
        {
            FailMax = 3,
            OutcomeClassifier = static end => end.Result is < 0 ? CallOutcome.Failure : null,
        });

        Assert.Equal(-1, breaker.Execute(static () => -1));
        Assert.Equal(-2, await breaker.ExecuteAsync(static _ => Task.FromResult(-2), TestContext.Current.CancellationToken));
        Assert.Equal(2, breaker.FailureCount);
        Assert.Equal(-3, await breaker.ExecuteAsync(static async _ =>
        {
            await Task.Yield();
            return -3;
        }, TestContext.Current.CancellationToken));

        Assert.Equal(CircuitState.Open, breaker.State);
        Assert.Null(breaker.LastException);
    }

    [Fact]
    public void ResultClassifiedAsSuccess_IsASuccess()
    {
        var breaker = new CircuitBreaker(new() { OutcomeClassifier = static end => end.Result is < 0 ? CallOutcome.Failure : null });
        breaker.Execute(static () => -1);

        breaker.Execute(static () => 1);

        Assert.Equal(0, breaker.FailureCount);
    }

    [Fact]
    public void Throws_IsReported_CallIsAFailure()
    {
        var broken = new NotSupportedException("broken");
        var breaker = new CircuitBreaker(new() { OutcomeClassifier = _ => throw broken, Exclude = [typeof(Exception)] });
        var reported = new List<Exception>();
        breaker.CallbackFailed += (_, thrown) => reported.Add(thrown.Exception);
        var error = new TimeoutException();

        Assert.Equal(42, breaker.Execute(static () => 42));
        Assert.Same(error, Record.Exception(() => breaker.Execute(() => throw error)));

        Assert.Equal(2, breaker.FailureCount);
        Assert.Same(error, breaker.LastException);
        Assert.Equal([broken, broken], reported);
    }

    [Fact]
    public void Throws_DuringProbe_SlotIsReleased()
    {
        var breaker = new CircuitBreaker(new() { OutcomeClassifier = static _ => throw new NotSupportedException("broken") });
        breaker.HalfOpen();

        breaker.Execute(static () => { });

        Assert.Equal((CircuitState.Open, 1), (breaker.State, breaker.FailureCount));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ClassifierTime_IsNotCallTime(bool fails)
    {
        var clock = new ManualClock { Timestamp = 1 };
        var finished = new List<CallCompletedEventArgs>();
        var breaker = new CircuitBreaker(new()
        {
            SlowCallDuration = Took * 2,
            SlowCallRatio = 1,
            SamplingCalls = 1,
            FailMax = 1_000,
            OutcomeClassifier = _ =>
            {
                clock.Timestamp += Took.Ticks * 2;
                return null;
            },
            TimeProvider = clock,
        });
        breaker.CallCompleted += (_, call) => finished.Add(call);

        _ = Record.Exception(() => breaker.Execute(() =>
        {
            clock.Timestamp += Took.Ticks;
            if (fails)
            {
                throw new TimeoutException();
            }
        }));

        Assert.Equal(Took, Assert.Single(finished).Elapsed);
        Assert.Equal(CircuitState.Closed, breaker.State);
    }

    [Fact]
    public void UndefinedOutcome_IsIgnored_SlotIsReleased()
    {
        var breaker = new CircuitBreaker(new() { OutcomeClassifier = static _ => (CallOutcome)99 });
        breaker.Execute(static () => { });
        Assert.Equal((CircuitState.Closed, 0), (breaker.State, breaker.FailureCount));
        breaker.HalfOpen();

        breaker.Execute(static () => { });
        breaker.Execute(static () => { });

        Assert.Equal(CircuitState.HalfOpen, breaker.State);
    }

    [Theory]
    [InlineData("")]
    [InlineData("F")]
    public void ClassifierAddedLater_InFlightCallIsClassified(string before)
    {
        var circuit = TestCircuit.Create(TestCircuit.Settings with { FailMax = 10 });
        circuit.Play(before);

        circuit.CircuitBreaker.Execute(() => circuit.CircuitBreaker.Update(circuit.CircuitBreaker.Options with { OutcomeClassifier = static _ => CallOutcome.Failure }));

        Assert.Equal(before.Length + 1, circuit.CircuitBreaker.FailureCount);
    }

    [Fact]
    public void Disabled_ClassifierIsNotCalled()
    {
        var breaker = new CircuitBreaker(new() { Mode = CircuitMode.Disabled, OutcomeClassifier = static _ => throw new NotSupportedException("It must not be called.") });
        breaker.CallbackFailed += static (_, thrown) => Assert.Fail(thrown.Exception.Message);

        Assert.Equal(42, breaker.Execute(static () => 42));
    }
}
