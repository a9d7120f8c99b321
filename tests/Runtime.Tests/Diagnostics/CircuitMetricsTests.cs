using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;

namespace ThriftBreaker.Runtime.Tests.Diagnostics;

/// <summary>The metrics of circuit breakers, as a listener gets them.</summary>
[Collection(nameof(Listening))]
public sealed class CircuitMetricsTests
{
    private const string Transitions = "thriftbreaker.circuit_breaker.transitions";
    private const string OpenDuration = "thriftbreaker.circuit_breaker.open.duration";
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

        Assert.Equal(
            [
                Transition("closed", "open", "fail_max_reached"),
                Transition("open", "half_open", "reset_timeout_passed"),
                Transition("half_open", "open", "probe_failed"),
                Transition("open", "half_open", "reset_timeout_passed"),
                Transition("half_open", "closed", "probes_succeeded"),
                Transition("closed", "open", "manual"),
                Transition("open", "closed", "manual"),
            ],
            listener.Get(Transitions));
        Assert.Equal(
            [(breaker.Options.ResetTimeout + Overdue).TotalSeconds, breaker.Options.ResetTimeout.TotalSeconds, 0],
            listener.Get(OpenDuration).Select(static measured => measured.Value));
    }

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

    private static Measured Transition(string from, string to, string reason)
        => new(Transitions, 1, $"thriftbreaker.transition.from={from} thriftbreaker.transition.to={to} thriftbreaker.transition.reason={reason}");
}
