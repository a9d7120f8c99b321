using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;

namespace ThriftBreaker.Benchmarks;

/// <summary>Measures the operations that any circuit breaker consists of.</summary>
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
    public bool TwoDisabledInstruments() => Counter.Enabled || Histogram.Enabled;
}
