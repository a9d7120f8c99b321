using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;

namespace ThriftBreaker.Runtime.Tests.Diagnostics;

/// <summary>The metrics of circuit breakers, as a listener gets them.</summary>
[Collection(nameof(Listening))]
public sealed class CircuitMetricsTests
{
    private const string Transitions = "thriftbreaker.circuit_breaker.transitions";
    private const string OpenTime = "thriftbreaker.circuit_breaker.open.time";
    private const string State = "thriftbreaker.circuit_breaker.state";
    private const string Failures = "thriftbreaker.circuit_breaker.failures";
    private static readonly TimeSpan Overdue = TimeSpan.FromSeconds(3);

    private readonly string _name = $"circuit {Guid.NewGuid()}";
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Transition_IsCountedWithItsReason_OpenTimeIsMeasured()
    {
        var breaker = Create();
        using var listener = new MeterRecorder(_name);

        Fail(breaker);
        _clock.Advance(breaker.Options.ResetTimeout + Overdue);
        Fail(breaker);
        _clock.Advance(breaker.Options.ResetTimeout);
        breaker.Execute(static () => { });
        breaker.Open();
        breaker.Close();
        listener.Collect();

        Assert.Equal(
            [
                Transition("closed", "open", "fail_max_reached", 1),
                Transition("closed", "open", "manual", 1),
                Transition("half_open", "closed", "probes_succeeded", 1),
                Transition("half_open", "open", "probe_failed", 1),
                Transition("half_open", "open", "probe_timed_out", 0),
                Transition("open", "closed", "manual", 1),
                Transition("open", "half_open", "reset_timeout_passed", 2),
            ],
            GetTransitions(listener));
        Assert.Equal([(breaker.Options.ResetTimeout + Overdue + breaker.Options.ResetTimeout).TotalSeconds], listener.Get(OpenTime).Select(static measured => measured.Value));
    }

    /// <summary>
    /// Whether the listener or the circuit breaker comes first: an increase is visible only from a first value on.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void NewCircuitBreaker_StartsAtZero(bool listenerIsFirst)
    {
        var first = listenerIsFirst ? new MeterRecorder(_name) : null;
        var breaker = new CircuitBreaker(new() { Name = _name, FailureRatio = 0.5, SlowCallRatio = 0.5, SlowCallDuration = TimeSpan.FromSeconds(1), MinimumThroughput = 10 });
        using var listener = first ?? new MeterRecorder(_name);

        listener.Collect();

        Assert.Equal(
            [
                Transition("closed", "open", "fail_max_reached", 0),
                Transition("closed", "open", "failure_ratio_reached", 0),
                Transition("closed", "open", "manual", 0),
                Transition("closed", "open", "slow_call_ratio_reached", 0),
                Transition("half_open", "closed", "probes_succeeded", 0),
                Transition("half_open", "open", "probe_failed", 0),
                Transition("half_open", "open", "probe_timed_out", 0),
                Transition("open", "closed", "manual", 0),
                Transition("open", "half_open", "reset_timeout_passed", 0),
            ],
            GetTransitions(listener));
        Assert.Equal([new(OpenTime, 0, "")], listener.Get(OpenTime));

        breaker.HalfOpen();
        listener.All.Clear();
        listener.Collect();
        Assert.Contains(Transition("closed", "half_open", "manual", 1), listener.All);
    }

    /// <summary>A total that decreases looks like a restart of the process, and counts again.</summary>
    [Fact]
    public void SameName_IsAdded_CollectedCircuitBreakerStaysCounted()
    {
        var breaker = Create();
        breaker.Open();
        _clock.Advance(TimeSpan.FromSeconds(5));
        breaker.Close();
        OpenAndForget();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var listener = new MeterRecorder(_name);

        listener.Collect();

        Assert.Contains(Transition("closed", "open", "manual", 2), listener.All);
        Assert.Equal([new(OpenTime, 5, "")], listener.Get(OpenTime));
        GC.KeepAlive(breaker);
    }

    [Fact]
    public async Task SameName_OnManyThreads_AddsUp()
    {
        const int Threads = 8;
        const int Openings = 500;
        using var listener = new MeterRecorder(_name);
        var kept = Create();

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(
            () =>
            {
                var breaker = Create();
                for (var opening = 0; opening < Openings; opening++)
                {
                    breaker = opening % 50 == 0 ? Create() : breaker;
                    breaker.Open();
                    breaker.Close();
                }
            },
            TestContext.Current.CancellationToken)));
        listener.Collect();

        Assert.Contains(Transition("closed", "open", "manual", Threads * Openings), listener.All);
        Assert.Contains(Transition("open", "closed", "manual", Threads * Openings), listener.All);
        GC.KeepAlive(kept);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void OpenAndForget() => Create().Open();

    [Theory]
    [InlineData(CircuitState.Closed, 0)]
    [InlineData(CircuitState.Open, 1)]
    [InlineData(CircuitState.HalfOpen, 2)]
    public void State_IsANumber(CircuitState state, int number)
    {
        var breaker = Create();
        Action move = state switch
        {
            CircuitState.Open => breaker.Open,
            CircuitState.HalfOpen => breaker.HalfOpen,
            _ => breaker.Close,
        };
        move();
        using var listener = new MeterRecorder(_name);

        listener.Collect();

        Assert.Equal([new(State, number, "thriftbreaker.circuit_breaker.mode=auto")], listener.Get(State));
        GC.KeepAlive(breaker);
    }

    [Theory]
    [InlineData(CircuitMode.Auto, "auto")]
    [InlineData(CircuitMode.Isolated, "isolated")]
    [InlineData(CircuitMode.Disabled, "disabled")]
    [InlineData(CircuitMode.ReportOnly, "report_only")]
    public void State_HasTheMode(CircuitMode mode, string text)
    {
        var breaker = new CircuitBreaker(new() { Name = _name, Mode = mode });
        using var listener = new MeterRecorder(_name);

        listener.Collect();

        Assert.Equal([$"thriftbreaker.circuit_breaker.mode={text}"], listener.Get(State).Select(static measured => measured.Tags));
        GC.KeepAlive(breaker);
    }

    [Fact]
    public void Failures_AreTheFailureCount()
    {
        var breaker = Create(failMax: 3);
        Fail(breaker);
        Fail(breaker);
        using var listener = new MeterRecorder(_name);

        listener.Collect();

        Assert.Equal([new(Failures, 2, "")], listener.Get(Failures));
        GC.KeepAlive(breaker);
    }

    [Fact]
    public void EachReason_HasItsOwnName()
        => Assert.Distinct(Enum.GetValues<CircuitStateChangeReason>().Select(CircuitNames.GetName));

    [Fact]
    public void UnreferencedCircuitBreaker_IsNotMeasured()
    {
        CreateAndForget();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var listener = new MeterRecorder(_name);

        listener.Collect();

        Assert.Empty(listener.All);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CreateAndForget()
    {
        var breaker = Create();
        using var listener = new MeterRecorder(_name);
        listener.Collect();
        breaker.Open();
        Assert.NotEmpty(listener.Get(State));
    }

    private CircuitBreaker Create(int failMax = 1) => new(new() { Name = _name, FailMax = failMax, TimeProvider = _clock });

    private static void Fail(CircuitBreaker breaker)
        => Assert.Throws<InvalidOperationException>(() => breaker.Execute(static () => throw new InvalidOperationException("down")));

    private static IEnumerable<Measured> GetTransitions(MeterRecorder listener)
        => listener.Get(Transitions).OrderBy(static measured => measured.Tags, StringComparer.Ordinal);

    private static Measured Transition(string from, string to, string reason, int count)
        => new(Transitions, count, $"thriftbreaker.transition.from={from} thriftbreaker.transition.to={to} thriftbreaker.transition.reason={reason}");
}
