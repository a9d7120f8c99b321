using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;

namespace ThriftBreaker.Benchmarks;

/// <summary>What the parts cost that a guarded call is made of, whoever guards it: the floor under the other figures.</summary>
public class Parts
{
    private static readonly Meter Meter = new("ThriftBreaker.Benchmarks");
    private static readonly Counter<long> Counter = Meter.CreateCounter<long>("calls");
    private static readonly Histogram<double> Histogram = Meter.CreateHistogram<double>("duration");

    private ulong _word;

    [Benchmark]
    public long CoarseClock() => Environment.TickCount64;

    [Benchmark]
    public long PreciseClock() => TimeProvider.System.GetTimestamp();

    [Benchmark]
    public int CurrentProcessor() => Thread.GetCurrentProcessorId();

    [Benchmark]
    public ulong CompareAndSwap() => Interlocked.CompareExchange(ref _word, 1, 1);

    [Benchmark]
    public bool TwoInstrumentsThatNobodyListensTo() => Counter.Enabled || Histogram.Enabled;
}
