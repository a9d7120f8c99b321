using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using ThriftBreaker.Benchmarks.Contenders;

namespace ThriftBreaker.Benchmarks;

/// <summary>
/// Measures calls on a closed circuit without a listener, with a listener of another meter, and with one of
/// ThriftBreaker.
/// </summary>
[MemoryDiagnoser]
public class ListenedCalls
{
    private static readonly Meter Other = new("Other");
    private static readonly Counter<long> OtherCalls = Other.CreateCounter<long>("calls");

    private readonly IService _forwarding = new ForwardingService(new ReadyService());
    private readonly IService _guarded = new ServiceCircuitBreakerClient(new ReadyService());
    private MeterListener? _listener;

    [Params("nothing", "another meter", "ThriftBreaker")]
    public string EnabledMeter { get; set; } = "";

    [GlobalSetup]
    public void Listen()
    {
        OtherCalls.Add(0);
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == (EnabledMeter == "another meter" ? Other.Name : EnabledMeter))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        _listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        _listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
        _listener.Start();
    }

    [GlobalCleanup]
    public void Stop() => _listener?.Dispose();

    [Benchmark(Baseline = true)]
    public Task<int> Forwarding() => _forwarding.ValueLater(7);

    [Benchmark]
    public Task<int> Guarded() => _guarded.ValueLater(7);
}
