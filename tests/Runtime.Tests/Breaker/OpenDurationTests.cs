namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>
/// The time that a circuit stays open: multiplied, limited, varied, or generated; and how attempts are counted.
/// </summary>
public sealed class OpenDurationTests
{
    private static readonly TimeSpan Ten = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Probe = TimeSpan.FromSeconds(1);

    private static readonly CircuitBreakerOptions Doubling = TestCircuit.Settings with { FailMax = 1, ResetTimeout = Ten, BackoffMultiplier = 2 };

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>What a generator may do to its own circuit breaker.</summary>
    private static readonly Dictionary<string, Action<CircuitBreaker>> Controls = new(StringComparer.Ordinal)
    {
        ["Open"] = static breaker => breaker.Open(),
        ["Close"] = static breaker => breaker.Close(),
        ["HalfOpen"] = static breaker => breaker.HalfOpen(),
        ["Close and open"] = static breaker =>
        {
            breaker.Close();
            breaker.Open();
        },
        ["Other mode and back"] = static breaker =>
        {
            breaker.SetMode(CircuitMode.Isolated);
            breaker.SetMode(CircuitMode.Auto);
        },
        ["Update"] = static breaker => breaker.Update(breaker.Options with { ResetTimeout = breaker.Options.ResetTimeout + TestCircuit.Tick }),
    };

    public static TheoryData<string> ManualControls => [.. Controls.Keys];

    [Theory]
    [InlineData(1, null, "10 10 10 10")]
    [InlineData(2, null, "10 20 40 80")]
    [InlineData(1.5, null, "10 15 22.5 33.75")]
    [InlineData(2, 30.0, "10 20 30 30")]
    [InlineData(100, 10.0, "10 10 10 10")]
    [InlineData(100, null, "10 1000 100000 10000000")]
    public void FailedProbes_MultiplyUpToTheLimit(double multiplier, double? capSeconds, string seconds)
    {
        TimeSpan? cap = capSeconds is { } given ? TimeSpan.FromSeconds(given) : null;
        var circuit = TestCircuit.Create(Doubling with { BackoffMultiplier = multiplier, MaxResetTimeout = cap });

        Assert.Equal(seconds, string.Join(' ', Waits(circuit, attempts: 4).Select(static wait => wait.TotalSeconds.ToString("0.##", null))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(int.MaxValue)]
    public void NoSettings_Overflow(int attempt)
    {
        var longest = Doubling with { ResetTimeout = TimeSpan.MaxValue, BackoffMultiplier = 100, Jitter = 0.5, Random = static () => 0.999 };

        Assert.Equal(TimeSpan.MaxValue, GetDuration(longest, attempt));
    }

    [Fact]
    public void NoBackoffNoJitter_IsExact()
    {
        var resetTimeout = new TimeSpan((1L << 53) + 1); // More digits than a double has.

        Assert.Equal(resetTimeout, GetDuration(new() { ResetTimeout = resetTimeout }, attempt: 3));
    }

    [Fact]
    public void MaxResetTimeout_ManyAttempts_Applies()
        => Assert.Equal(Ten * 3, GetDuration(Doubling with { MaxResetTimeout = Ten * 3 }, int.MaxValue));

    [Fact]
    public void Saturated_StaysOpen()
    {
        var circuit = TestCircuit.Create(Doubling with { ResetTimeout = TimeSpan.MaxValue });

        circuit.Fail();

        Assert.True(circuit.CircuitBreaker.RetryAfter > TimeSpan.FromDays(365_000));
        circuit.Clock.Advance(TimeSpan.FromDays(1));
        circuit.Reject();
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(0.25, 9)]
    [InlineData(0.5, 10)]
    [InlineData(0.75, 11)]
    public void Jitter_VariesBothWays(double random, double seconds)
        => Assert.Equal(TimeSpan.FromSeconds(seconds), GetDuration(Doubling with { BackoffMultiplier = 1, Jitter = 0.2, Random = () => random }, attempt: 0));

    [Fact]
    public void Jitter_AppliesAfterTheLimit()
        => Assert.Equal(
            TimeSpan.FromSeconds(12),
            GetDuration(Doubling with { MaxResetTimeout = Ten * 1.5, Jitter = 0.2, Random = static () => 0 }, attempt: 5));

    [Fact]
    public void Shortest_IsOneTick()
        => Assert.Equal(TestCircuit.Tick, GetDuration(Doubling with { ResetTimeout = TestCircuit.Tick, Jitter = 0.99, Random = static () => 0 }, attempt: 0));

    [Fact]
    public void Random_IsBetweenZeroAndOne()
        => Assert.All(Enumerable.Range(0, 1_000), static _ => Assert.InRange(new CircuitBreakerOptions().Random(), 0, 0.999_999_999_999_999_9));

    [Fact]
    public void Generator_GetsAttemptAndFailure()
    {
        var asked = new List<(int Attempt, Exception? Failure)>();
        var circuit = TestCircuit.Create(Doubling with
        {
            ResetTimeoutGenerator = (attempt, failure) =>
            {
                asked.Add((attempt, failure));
                return TimeSpan.FromSeconds(attempt + 1);
            },
        });
        var (first, second) = (new InvalidOperationException("first"), new InvalidOperationException("second"));

        circuit.Enter().Complete(CallOutcome.Failure, first);
        Assert.Equal(TimeSpan.FromSeconds(1), circuit.CircuitBreaker.RetryAfter);
        circuit.Clock.Advance(TimeSpan.FromSeconds(1));
        circuit.Enter().Complete(CallOutcome.Failure, second);
        Assert.Equal(TimeSpan.FromSeconds(2), circuit.CircuitBreaker.RetryAfter);
        circuit.Clock.Advance(TimeSpan.FromSeconds(2));
        _ = circuit.Enter();
        circuit.Clock.Advance(TestCircuit.ProbeTimeout);
        circuit.Reject();

        Assert.Equal([(0, first), (1, second), (2, null)], asked);
    }

    [Fact]
    public void Generator_ManualOpen_GetsNoFailure()
    {
        (int, Exception?)? asked = null;
        var circuit = TestCircuit.Create(Doubling with
        {
            ResetTimeoutGenerator = (attempt, failure) =>
            {
                asked = (attempt, failure);
                return Ten;
            },
        });

        circuit.CircuitBreaker.Open();

        Assert.Equal((0, null), asked);
    }

    [Fact]
    public void Generator_TimeUnchanged_IsNotCalled()
    {
        var asked = 0;
        var circuit = TestCircuit.Create(Doubling with
        {
            ResetTimeoutGenerator = (_, _) =>
            {
                asked++;
                return Ten;
            },
        });
        circuit.CircuitBreaker.Open();

        circuit.CircuitBreaker.SetMode(CircuitMode.Isolated);
        circuit.CircuitBreaker.SetMode(CircuitMode.ReportOnly);
        circuit.CircuitBreaker.SetMode(CircuitMode.Disabled);
        circuit.CircuitBreaker.Update(circuit.CircuitBreaker.Options with { FailMax = 2, MaxProbes = 7, Name = circuit.CircuitBreaker.Name });

        Assert.Equal(1, asked);
    }

    [Fact]
    public void Update_OtherSetting_KeepsTheTime()
    {
        var random = new Queue<double>([0.25, 0.75]);
        var circuit = TestCircuit.Create(Doubling with { Jitter = 0.5, Random = random.Dequeue });
        circuit.CircuitBreaker.Open();
        var wait = circuit.CircuitBreaker.RetryAfter;

        circuit.CircuitBreaker.Update(circuit.CircuitBreaker.Options with { FailMax = 2 });
        Assert.Equal(wait, circuit.CircuitBreaker.RetryAfter);

        circuit.CircuitBreaker.Update(circuit.CircuitBreaker.Options with { Jitter = 0.4 });
        Assert.NotEqual(wait, circuit.CircuitBreaker.RetryAfter);
        Assert.Empty(random);
    }

    [Fact]
    public void Update_Generator_GetsTheSameFailure()
    {
        var asked = new List<(int Attempt, Exception? Failure)>();
        var circuit = TestCircuit.Create(Doubling with
        {
            ResetTimeoutGenerator = (attempt, failure) =>
            {
                asked.Add((attempt, failure));
                return failure is TimeoutException ? Ten * 9 : Ten;
            },
        });
        var failure = new TimeoutException();
        circuit.Enter().Complete(CallOutcome.Failure, failure);

        circuit.CircuitBreaker.Update(circuit.CircuitBreaker.Options with { ResetTimeout = Ten * 2 });

        Assert.Equal([(0, failure), (0, failure)], asked);
        Assert.Equal(Ten * 9, circuit.CircuitBreaker.RetryAfter);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public void Generator_ReturnsZeroOrLess_SettingsApply(long ticks)
    {
        var circuit = TestCircuit.Create(Doubling with { ResetTimeoutGenerator = (_, _) => new TimeSpan(ticks) });

        Assert.Equal([Ten, Ten * 2], Waits(circuit, attempts: 2));
    }

    [Fact]
    public void Generator_ReturnsOneTick_IsAccepted()
    {
        var circuit = TestCircuit.Create(Doubling with { ResetTimeoutGenerator = static (_, _) => TestCircuit.Tick });

        Assert.Equal([TestCircuit.Tick], Waits(circuit, attempts: 1));
    }

    [Fact]
    public void Generator_Throws_IsReported_SettingsApply()
    {
        var broken = new InvalidOperationException("broken");
        var circuit = TestCircuit.Create(Doubling with { ResetTimeoutGenerator = (_, _) => throw broken });
        var reported = new List<Exception>();
        circuit.CircuitBreaker.CallbackFailed += (_, thrown) => reported.Add(thrown.Exception);

        Assert.Equal([Ten, Ten * 2], Waits(circuit, attempts: 2));

        Assert.Equal([broken, broken], reported);
    }

    [Theory]
    [MemberData(nameof(ManualControls))]
    public async Task Generator_ControlsItsCircuit_OpenEnds(string control)
    {
        var (asked, circuit) = CreateControlled(control);

        await EndsAsync(circuit.CircuitBreaker.Open);

        Assert.InRange(asked(), 1, control == "Update" ? 2 : 1);
        Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
        Assert.InRange(circuit.CircuitBreaker.RetryAfter!.Value, TimeSpan.Zero, Ten * 9);
    }

    [Theory]
    [MemberData(nameof(ManualControls))]
    public async Task Generator_ControlsItsCircuit_TripAndProbesEnd(string control)
    {
        var (_, circuit) = CreateControlled(control);

        await EndsAsync(() => circuit.Fail());
        circuit.CircuitBreaker.HalfOpen();
        await EndsAsync(() => circuit.Fail());
        circuit.CircuitBreaker.HalfOpen();
        _ = circuit.Enter();
        circuit.Clock.Advance(TestCircuit.ProbeTimeout);
        await EndsAsync(() => circuit.CircuitBreaker.TryEnter(out _));

        circuit.CircuitBreaker.Update(circuit.CircuitBreaker.Options with { ResetTimeoutGenerator = null });
        circuit.CircuitBreaker.Close();
        circuit.Succeed();
        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
    }

    [Theory]
    [MemberData(nameof(ManualControls))]
    public async Task Generator_ControlsItsCircuit_UpdateEnds(string control)
    {
        var (_, circuit) = CreateControlled(control);
        await EndsAsync(circuit.CircuitBreaker.Open);

        await EndsAsync(() => circuit.CircuitBreaker.Update(circuit.CircuitBreaker.Options with { ResetTimeout = Ten * 2 }));
    }

    [Fact]
    public void Generator_OpensAnotherCircuit_WhichOpensThisOne_Ends()
    {
        CircuitBreaker? one = null, other = null;
        one = new CircuitBreaker(new() { ResetTimeoutGenerator = (_, _) => Opens(other!) });
        other = new CircuitBreaker(new() { ResetTimeoutGenerator = (_, _) => Opens(one) });

        one.Open();

        Assert.Equal((CircuitState.Open, CircuitState.Open), (one.State, other.State));

        static TimeSpan Opens(CircuitBreaker next)
        {
            next.Open();
            return Ten;
        }
    }

    [Theory]
    [InlineData(-1, 20)] // A tick too early: another attempt.
    [InlineData(0, 10)]
    [InlineData(1, 10)]
    public void Attempt_ClosedForOneResetTimeout_IsForgotten(int ticks, double seconds)
    {
        var circuit = TestCircuit.Create(Doubling);
        Recover(circuit);

        circuit.Clock.Advance(Ten + new TimeSpan(ticks));
        circuit.Fail();

        Assert.Equal(TimeSpan.FromSeconds(seconds), circuit.CircuitBreaker.RetryAfter);
        Assert.Equal(seconds > 10 ? 1 : 0, circuit.Changes[^1].Attempt);
    }

    [Fact]
    public void Attempt_NeverOpen_IsZero()
    {
        var circuit = TestCircuit.Create(Doubling);

        circuit.Fail();

        Assert.Equal(Ten, circuit.CircuitBreaker.RetryAfter);
    }

    [Fact]
    public void Attempt_ShortRecovery_Continues()
    {
        var circuit = TestCircuit.Create(Doubling);
        Recover(circuit);
        Recover(circuit);

        circuit.Fail();

        Assert.Equal(Ten * 4, circuit.CircuitBreaker.RetryAfter);
    }

    [Fact]
    public void Attempt_ManualClose_IsForgotten()
    {
        var circuit = TestCircuit.Create(Doubling);
        Recover(circuit);
        circuit.Fail();

        circuit.CircuitBreaker.Close();
        circuit.Fail();

        Assert.Equal(Ten, circuit.CircuitBreaker.RetryAfter);
    }

    [Fact]
    public void Attempt_SetModeAuto_IsForgotten()
    {
        var circuit = TestCircuit.Create(Doubling);
        Recover(circuit);
        circuit.CircuitBreaker.SetMode(CircuitMode.Isolated);

        circuit.CircuitBreaker.SetMode(CircuitMode.Auto);
        circuit.Fail();

        Assert.Equal(Ten, circuit.CircuitBreaker.RetryAfter);
    }

    [Fact]
    public void Attempt_ManualOpenAfterStableTime_IsForgotten()
    {
        var circuit = TestCircuit.Create(Doubling);
        Recover(circuit);
        Recover(circuit);

        circuit.Clock.Advance(Ten);
        circuit.CircuitBreaker.Open();

        Assert.Equal(Ten, circuit.CircuitBreaker.RetryAfter);
        Assert.Equal(0, circuit.Changes[^1].Attempt);
    }

    [Fact]
    public void Attempt_ManualOpenBeforeStableTime_IsKept()
    {
        var circuit = TestCircuit.Create(Doubling);
        Recover(circuit);
        Recover(circuit);

        circuit.Clock.Advance(Ten - TestCircuit.Tick);
        circuit.CircuitBreaker.Open();

        Assert.Equal(Ten * 2, circuit.CircuitBreaker.RetryAfter);
    }

    [Fact]
    public void Attempt_ManualTransitionWhileOpen_IsKept()
    {
        var circuit = TestCircuit.Create(Doubling);
        _ = Waits(circuit, attempts: 3).Count;

        circuit.CircuitBreaker.Open();
        Assert.Equal(Ten * 4, circuit.CircuitBreaker.RetryAfter);
        circuit.CircuitBreaker.HalfOpen();
        circuit.Fail();

        Assert.Equal(Ten * 8, circuit.CircuitBreaker.RetryAfter);
    }

    [Fact]
    public void Attempt_SetModeInBetween_IsKept()
    {
        var circuit = TestCircuit.Create(Doubling);
        Recover(circuit);

        circuit.CircuitBreaker.SetMode(CircuitMode.ReportOnly);
        circuit.Fail();

        Assert.Equal(Ten * 2, circuit.CircuitBreaker.RetryAfter);
    }

    private static (Func<int> Asked, TestCircuit Circuit) CreateControlled(string control)
    {
        var asked = 0;
        CircuitBreaker? own = null;
        var circuit = TestCircuit.Create(Doubling with
        {
            ResetTimeoutGenerator = (_, _) =>
            {
                asked++;
                Controls[control](own!);
                return Ten * 9;
            },
        });
        own = circuit.CircuitBreaker;
        return (() => asked, circuit);
    }

    /// <summary>Fails if the action does not end.</summary>
    private static Task EndsAsync(Action action)
        => Task.Run(action, TestContext.Current.CancellationToken).WaitAsync(Deadline, TestContext.Current.CancellationToken);

    private static TimeSpan GetDuration(CircuitBreakerOptions options, int attempt)
        => OpenDuration.Get(options, attempt, failure: null, static thrown => Assert.Fail(thrown.Message));

    /// <summary>Gets the reset timeouts of a circuit whose probes all fail.</summary>
    private static List<TimeSpan> Waits(TestCircuit circuit, int attempts)
    {
        var waits = new List<TimeSpan>();
        for (var attempt = 0; attempt < attempts; attempt++)
        {
            circuit.Fail();
            waits.Add(circuit.CircuitBreaker.RetryAfter!.Value);
            if (attempt < attempts - 1)
            {
                circuit.Clock.Advance(circuit.CircuitBreaker.RetryAfter.Value);
            }
        }

        return waits;
    }

    private static void Recover(TestCircuit circuit)
    {
        circuit.Fail();
        circuit.Clock.Advance(circuit.CircuitBreaker.RetryAfter!.Value);
        circuit.Call(CallOutcome.Success, Probe);
        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
    }
}
