using System.Diagnostics.Metrics;
using Circuit.Calculators;
using Microsoft.Extensions.Time.Testing;
using ThriftBreaker.GeneratedCode;
using ThriftBreaker.Runtime.Tests.Execution;

namespace ThriftBreaker.Runtime.Tests.Diagnostics;

/// <summary>The metrics of calls, as a listener gets them.</summary>
[Collection(nameof(Listening))]
public sealed class CallMetricsTests
{
    private const string Calls = "thriftbreaker.calls";
    private const string Duration = "thriftbreaker.call.duration";
    private const string Method = " rpc.system.name=thrift rpc.method=Calculator/calculate";
    private static readonly TimeSpan Elapsed = TimeSpan.FromSeconds(0.25);
    private static readonly ThriftMethod Contract = new("calculate") { Service = "Calculator", Throws = [typeof(DivisionByZero)] };

    private readonly FakeTimeProvider _clock = new();
    private readonly CircuitBreaker _breaker;

    public CallMetricsTests() => _breaker = new CircuitBreaker(new()
    {
        Name = $"calls of {Guid.NewGuid()}",
        FailMax = 2,
        Ignore = [typeof(NotSupportedException)],
        TimeProvider = _clock,
    });

    public static TheoryData<Entrance> All => Entrances.All;

    public static TheoryData<string?, string> Ends => new()
    {
        { null, "success" },
        { nameof(InvalidOperationException), "failure" },
        { nameof(DivisionByZero), "success" },
        { nameof(NotSupportedException), "ignored" },
    };

    [Fact]
    public void ClockThrows_AtStart_IsReported_ProbeIsAdmitted()
    {
        var clock = new ManualClock();
        var breaker = new CircuitBreaker(new() { TimeProvider = clock });
        using var listener = new MeterRecorder(breaker.Name);
        var reported = new List<Exception>();
        breaker.CallbackFailed += (_, thrown) => reported.Add(thrown.Exception);
        breaker.HalfOpen();
        clock.BreaksAtRead = clock.Reads + 2; // After the read of the admission.

        Assert.True(new CallGuard(breaker).TryEnter(Contract, CancellationToken.None, out var probe));
        Assert.Equal("The clock is broken.", Assert.Single(reported).Message);

        new CallGuard(breaker).Returned(ref probe, Contract);
        Assert.Equal(CircuitState.Closed, breaker.State);
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Call_IsMeasuredByOutcomeMethodAndError(string? error, string outcome)
    {
        using var listener = new MeterRecorder(_breaker.Name);
        Exception? thrown = error switch
        {
            null => null,
            nameof(DivisionByZero) => new DivisionByZero(),
            nameof(NotSupportedException) => new NotSupportedException(),
            _ => new InvalidOperationException(),
        };

        await EndAsync(Entrance.TaskOfResult, thrown);

        var tags = $"thriftbreaker.call.outcome={outcome}{Method}{(thrown is null ? "" : $" error.type={thrown.GetType().FullName}")}";
        Assert.Equal([new(Calls, 1, tags), new(Duration, Elapsed.TotalSeconds, tags)], listener.All);
    }

    [Fact]
    public async Task UndefinedOutcome_IsNamedIgnored()
    {
        _breaker.Update(_breaker.Options with { OutcomeClassifier = static _ => (CallOutcome)99 });
        using var listener = new MeterRecorder(_breaker.Name, Calls);

        await EndAsync(Entrance.TaskOfResult, thrown: null);

        Assert.Equal($"thriftbreaker.call.outcome=ignored{Method}", Assert.Single(listener.All).Tags);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task EveryEntrance_CallIsMeasuredOnce(Entrance entrance)
    {
        using var listener = new MeterRecorder(_breaker.Name);

        await EndAsync(entrance, thrown: null);
        await EndAsync(entrance, new InvalidOperationException());

        Assert.Equal(
            [(Calls, 1, "success"), (Duration, Elapsed.TotalSeconds, "success"), (Calls, 1, "failure"), (Duration, Elapsed.TotalSeconds, "failure")],
            listener.All.Select(static measured => (measured.Instrument, measured.Value, OutcomeIn(measured))));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task ThrowOnTrip_ErrorTypeIsThatOfTheCallersException(Entrance entrance)
    {
        _breaker.Update(_breaker.Options with { ThrowOnTrip = true });
        using var listener = new MeterRecorder(_breaker.Name, Calls);

        await EndAsync(entrance, new InvalidOperationException());
        await EndAsync(entrance, new InvalidOperationException());

        Assert.Equal(
            [typeof(InvalidOperationException).FullName, typeof(CircuitOpenException).FullName],
            listener.All.Select(static measured => measured.Tags.Split("error.type=")[1]));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task EveryEntrance_RejectionIsCountedOnce_NotTimed(Entrance entrance)
    {
        using var listener = new MeterRecorder(_breaker.Name);
        _breaker.SetMode(CircuitMode.Isolated);

        await EndAsync(entrance, thrown: null);

        Assert.Equal((Calls, 1, "rejected"), listener.All.Select(static measured => (measured.Instrument, measured.Value, OutcomeIn(measured))).Single());
    }

    [Fact]
    public async Task Rejection_HasItsMethod()
    {
        using var listener = new MeterRecorder(_breaker.Name);
        _breaker.Open();

        await EndAsync(Entrance.TaskOfResult, thrown: null);

        Assert.Equal([new(Calls, 1, $"thriftbreaker.call.outcome=rejected{Method}")], listener.Get(Calls));
    }

    [Fact]
    public async Task CancelledCall_IsCountedAsCancelled()
    {
        using var listener = new MeterRecorder(_breaker.Name);
        using var caller = new CancellationTokenSource();
        Action giveUp = caller.Cancel;
        var service = new GuardedService(_breaker, () => { giveUp(); return Task.FromCanceled<int>(caller.Token); }, Contract);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => service.CallUnderAsync(Entrance.TaskOfResult, caller.Token));

        Assert.Equal(["cancelled"], listener.Get(Calls).Select(OutcomeIn));
    }

    [Fact]
    public async Task CancelledBeforeTheCall_IsNotCounted()
    {
        using var listener = new MeterRecorder(_breaker.Name);
        var service = new GuardedService(_breaker, static () => Task.FromResult(GuardedService.Answer), Contract);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => service.CallUnderAsync(Entrance.TaskOfResult, new CancellationToken(canceled: true)));

        Assert.Empty(listener.All);
    }

    [Fact]
    public async Task ReportOnly_ReportedCall_IsCountedOnce_NotTimed()
    {
        using var listener = new MeterRecorder(_breaker.Name);
        _breaker.Open();
        _breaker.SetMode(CircuitMode.ReportOnly);

        await EndAsync(Entrance.TaskOfResult, thrown: null);

        Assert.Equal([new(Calls, 1, $"thriftbreaker.call.outcome=report_only_rejected{Method}")], listener.Get(Calls).Concat(listener.Get(Duration)));
    }

    [Fact]
    public async Task Disabled_NothingIsMeasured()
    {
        using var listener = new MeterRecorder(_breaker.Name);
        _breaker.SetMode(CircuitMode.Disabled);

        await EndAsync(Entrance.TaskOfResult, thrown: null);
        await EndAsync(Entrance.TaskOfResult, new InvalidOperationException());

        Assert.Empty(listener.All);
    }

    /// <summary>The series that the first rejections belong to: monitoring systems show its increase.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rejections_StartAtZero_ForEachMethodOfTheClient(bool listenerIsFirst)
    {
        var first = listenerIsFirst ? new MeterRecorder(_breaker.Name, Calls) : null;
        var one = CreateClient(new ThriftMethod("ping") { Service = "Calculator" }, new ThriftMethod("unprotected") { CircuitBreakerIndex = 0 });
        var other = CreateClient(Contract);
        using var listener = first ?? Collect(new MeterRecorder(_breaker.Name, Calls, "thriftbreaker.circuit_breaker.state"));

        string[] methods = [" rpc.system.name=thrift rpc.method=Calculator/calculate", " rpc.system.name=thrift rpc.method=Calculator/ping"];
        Assert.Equal(
            methods.Select(static method => new Measured(Calls, 0, $"thriftbreaker.call.outcome=rejected{method}")),
            listener.Get(Calls).Distinct().OrderBy(static measured => measured.Tags, StringComparer.Ordinal));

        listener.All.Clear();
        _breaker.Open();
        await EndAsync(Entrance.TaskOfResult, thrown: null);
        Assert.Equal([new(Calls, 1, $"thriftbreaker.call.outcome=rejected{Method}")], listener.Get(Calls).Where(static measured => measured.Value > 0));
        GC.KeepAlive((one, other));

        CallInvoker<object> CreateClient(params ThriftMethod[] methods)
            => new(new ThriftService<object>("Service", new CircuitBreakerOptions(), methods), new object(), _breaker, fallback: null);

        static MeterRecorder Collect(MeterRecorder listener)
        {
            listener.Collect();
            return listener;
        }
    }

    [Fact]
    public void Rejections_StartAtZero_WithoutAMethod_AndInReportOnlyMode()
    {
        _breaker.SetMode(CircuitMode.ReportOnly);
        using var listener = new MeterRecorder(_breaker.Name);

        listener.Collect();

        Assert.Equal(
            [new(Calls, 0, "thriftbreaker.call.outcome=rejected"), new(Calls, 0, "thriftbreaker.call.outcome=report_only_rejected")],
            listener.Get(Calls));
    }

    /// <summary>Their calls are counted by the circuit breaker of the service.</summary>
    [Fact]
    public void Rejections_OfEndpointCircuitBreakers_AreNotCounted()
    {
        using var channel = new ThriftChannel([new("one", 1), new("two", 2)]);
        using var listener = new MeterRecorder(channel.Endpoints[0].CircuitBreaker.Name);

        listener.Collect();

        Assert.NotEmpty(listener.All);
        Assert.Empty(listener.Get(Calls));
    }

    [Fact]
    public async Task NoContract_NoMethodTag()
    {
        using var listener = new MeterRecorder(_breaker.Name);

        await EndAsync(Entrance.ExecuteAsync, thrown: null);

        Assert.Equal(["thriftbreaker.call.outcome=success"], listener.Get(Calls).Select(static measured => measured.Tags));
    }

    [Fact]
    public async Task NoService_MethodNameOnly()
    {
        using var listener = new MeterRecorder(_breaker.Name);
        var service = new GuardedService(_breaker, static () => Task.FromResult(GuardedService.Answer), new ThriftMethod("ping"));

        await service.CallAsync(Entrance.TaskOfResult);

        Assert.Equal(["thriftbreaker.call.outcome=success rpc.system.name=thrift rpc.method=ping"], listener.Get(Calls).Select(static measured => measured.Tags));
    }

    [Theory]
    [InlineData(Calls)]
    [InlineData(Duration)]
    public async Task OneInstrumentEnabled_IsMeasured(string instrument)
    {
        using var listener = new MeterRecorder(_breaker.Name, instrument);

        await EndAsync(Entrance.TaskOfResult, thrown: null);

        Assert.Equal([instrument], listener.All.Select(static measured => measured.Instrument));
    }

    [Fact]
    public async Task StartedBeforeTheListener_IsNotMeasured()
    {
        var answer = new TaskCompletionSource<int>();
        var call = new GuardedService(_breaker, () => answer.Task, Contract).CallAsync(Entrance.TaskOfResult);
        using var listener = new MeterRecorder(_breaker.Name);

        answer.SetException(new InvalidOperationException());
        await Assert.ThrowsAsync<InvalidOperationException>(() => call);

        Assert.Empty(listener.All);
    }

    [Fact]
    public async Task ListenerRemoved_OutcomeIsRecorded()
    {
        var answer = new TaskCompletionSource<int>();
        var listener = new MeterRecorder(_breaker.Name);
        var call = new GuardedService(_breaker, () => answer.Task, Contract).CallAsync(Entrance.TaskOfResult);
        listener.Dispose();

        answer.SetException(new InvalidOperationException());
        await Assert.ThrowsAsync<InvalidOperationException>(() => call);

        Assert.Equal(1, _breaker.FailureCount);
        Assert.Empty(listener.All);
    }

    [Fact]
    public async Task Probe_IsMeasured()
    {
        using var listener = new MeterRecorder(_breaker.Name);
        _breaker.HalfOpen();

        await EndAsync(Entrance.TaskOfResult, thrown: null);

        Assert.Equal(["success"], listener.Get(Calls).Select(OutcomeIn));
        Assert.Equal(CircuitState.Closed, _breaker.State);
    }

    [Fact]
    public async Task ListenerThrows_IsReported_CallIsNotAffected()
    {
        var reported = new List<string>();
        _breaker.CallbackFailed += (_, thrown) => reported.Add(thrown.Exception.Message);
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == Calls)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => throw new InvalidOperationException("a broken exporter"));
        listener.Start();
        var service = new GuardedService(_breaker, static () => Task.FromResult(GuardedService.Answer), Contract);

        Assert.Equal(GuardedService.Answer, await service.CallAsync(Entrance.TaskOfResult));
        _breaker.SetMode(CircuitMode.Isolated);
        await Assert.ThrowsAsync<CircuitOpenException>(() => service.CallAsync(Entrance.TaskOfResult));

        Assert.Equal(["a broken exporter", "a broken exporter"], reported);
    }

    private static string OutcomeIn(Measured measured) => measured.Tags.Split(' ')[0].Split('=')[1];

    /// <summary>Makes a call with a duration and an end; the result for the caller is not checked.</summary>
    private async Task EndAsync(Entrance entrance, Exception? thrown)
    {
        var service = new GuardedService(
            _breaker,
            () =>
            {
                _clock.Advance(Elapsed);
                return thrown is null ? Task.FromResult(GuardedService.Answer) : Task.FromException<int>(thrown);
            },
            Contract);
        await service.CallAsync(entrance).ContinueWith(static _ => { }, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);
    }
}
