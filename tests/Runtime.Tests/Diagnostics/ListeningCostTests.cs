using System.Diagnostics;
using System.Diagnostics.Metrics;
using Thrift.Transport;
using ThriftBreaker.GeneratedCode;

namespace ThriftBreaker.Runtime.Tests.Diagnostics;

/// <summary>The cost of telemetry for a call: nothing without a listener, and no allocation with one.</summary>
[Collection(nameof(Listening))]
public sealed class ListeningCostTests
{
    private static readonly Task<int> Answered = Task.FromResult(42);
    private static readonly ThriftMethod Contract = new("calculate") { Service = "Calculator" };

    private readonly ManualClock _clock = new();
    private readonly CircuitBreaker _breaker;

    public ListeningCostTests() => _breaker = new CircuitBreaker(new() { Name = "cost", TimeProvider = _clock });

    [Fact]
    public void NoListener_HealthyCall_AllocatesNothing_ReadsNoClock() => AssertUntouched();

    [Fact]
    public void OtherMeterListener_HealthyCall_AllocatesNothing()
    {
        using var other = new Meter("another meter");
        var counter = other.CreateCounter<long>("calls");
        using var listener = Listen(other.Name);

        AssertUntouched();

        Assert.True(counter.Enabled);
    }

    [Fact]
    public void CircuitListener_HealthyCall_AllocatesNothing()
    {
        using var recorder = new MeterRecorder(_breaker.Name, "thriftbreaker.circuit_breaker.state");

        AssertUntouched();
    }

    [Fact]
    public void ListenerRemoved_HealthyCall_AllocatesNothing()
    {
        Listen("ThriftBreaker").Dispose();

        AssertUntouched();
    }

    [Fact]
    public void MetricsNotSupported_NothingIsMeasured()
    {
        const string Switch = "System.Diagnostics.Metrics.Meter.IsSupported";
        using var listener = Listen("ThriftBreaker");
        Assert.True(CallMetrics.IsWanted);
        AppContext.SetSwitch(Switch, false);
        try
        {
            // The switch is read once in a process: another copy of the library reads it again.
            using var copy = new CopyOfTheLibrary();

            Assert.Equal(false, copy.Static(nameof(CallMetrics), nameof(CallMetrics.IsWanted)));
        }
        finally
        {
            AppContext.SetSwitch(Switch, true);
        }
    }

    [Fact]
    public void MeasuredCall_AllocatesNothing()
    {
        using var listener = Listen("ThriftBreaker");

        Allocations.None(Call);

        Assert.NotEqual(0, _clock.Reads);
    }

    [Fact]
    public void CountedRejection_AllocatesNothing()
    {
        using var listener = Listen("ThriftBreaker");
        _breaker.Open();

        Allocations.None(() => Assert.False(new CallGuard(_breaker).TryEnter(Contract, CancellationToken.None, out _)));
    }

    /// <summary>For exceptions of transports, no stack is searched for the writing of a request.</summary>
    [Fact]
    public void MeasuredFailure_AllocatesNothing()
    {
        var error = new TTransportException("down");
        var breaker = new CircuitBreaker(new() { FailMax = 1_000_000 });
        using var listener = Listen("ThriftBreaker");

        Allocations.None(() =>
        {
            new CallGuard(breaker).TryEnter(Contract, CancellationToken.None, out var ticket);
            new CallGuard(breaker).Failed(ref ticket, error, Contract, CancellationToken.None);
        });
    }

    [Fact]
    public void NoTraceListener_Rejection_DoesNotUseTheActivity()
    {
        using var caller = new Activity("caller").Start();
        _breaker.Open();

        Allocations.None(() => Assert.False(new CallGuard(_breaker).TryEnter(Contract, CancellationToken.None, out _)));

        Assert.Empty(caller.Events);
    }

    private void AssertUntouched()
    {
        var before = _clock.Reads;

        Allocations.None(Call);

        Assert.Equal(before, _clock.Reads);
    }

    private void Call()
    {
        new CallGuard(_breaker).TryEnter(Contract, CancellationToken.None, out var ticket);
        _ = new CallGuard(_breaker).Observe(ref ticket, Answered, Contract, CancellationToken.None);
    }

    private static MeterListener Listen(string meter)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == meter)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
        listener.Start();
        return listener;
    }
}
