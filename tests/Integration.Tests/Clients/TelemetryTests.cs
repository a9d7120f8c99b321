using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Clients;

/// <summary>The span and the metrics of a call to a real server.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Call_CreatesSpanAndCountWithContractNames()
    {
        var spans = new ConcurrentQueue<Activity>();
        var calls = new ConcurrentQueue<string>();
        await using var server = CalculatorServer.Start();
        await using var guarded = new Guarded(server.Port);
        using var meters = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument is { Meter.Name: "ThriftBreaker", Name: "thriftbreaker.calls" })
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<long>((_, _, tags, _) => calls.Enqueue(string.Join(", ", tags.ToArray().Select(static tag => $"{tag.Key}={tag.Value}"))));
        meters.Start();
        using var traces = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "ThriftBreaker",
            Sample = static (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(traces);

        await guarded.EchoAsync(1);

        // Other tests make calls at the same time.
        var span = Assert.Single(spans, span => Equals(span.GetTagItem("server.port"), server.Port));
        Assert.Equal("Calculator/echo", span.DisplayName);
        Assert.Equal(ActivityKind.Client, span.Kind);
        Assert.Contains(calls, static tags => tags.Contains("rpc.method=Calculator/echo", StringComparison.Ordinal) && tags.Contains("thriftbreaker.call.outcome=success", StringComparison.Ordinal));
    }
}
