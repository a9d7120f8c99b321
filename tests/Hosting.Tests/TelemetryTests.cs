using System.Diagnostics;
using Circuit.Calculators;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>What OpenTelemetry's own exporter gets.</summary>
public sealed class TelemetryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OneLineEachExportsMetricsAndSpans()
    {
        var metrics = new List<Metric>();
        var spans = new List<Activity>();
        await using var server = CalculatorServer.Start();
        using var host = await TestHost.StartAsync(services =>
        {
            services.AddKeyedThriftClient<Calculator.CircuitBreakerClient>("exported", "127.0.0.1", server.Port);
            services.AddOpenTelemetry()
                .WithMetrics(builder => builder.AddThriftBreakerInstrumentation().AddInMemoryExporter(metrics))
                .WithTracing(builder => builder.AddThriftBreakerInstrumentation().AddInMemoryExporter(spans));
        });
        var service = host.Services.GetRequiredKeyedService<Calculator.IAsync>("exported");

        await service.echo("hello", Token).WaitAsync(Deadline.Short, Token);
        host.Circuit("exported").Open();
        await Assert.ThrowsAsync<CircuitOpenException>(() => service.echo("lost", Token));
        Assert.True(host.Services.GetRequiredService<MeterProvider>().ForceFlush());
        Assert.True(host.Services.GetRequiredService<TracerProvider>().ForceFlush());

        // It hears of the calls of all tests: no more of them while the list is read.
        host.Services.GetRequiredService<TracerProvider>().Dispose();

        var calls = Points("thriftbreaker.calls");
        Assert.Equal(["rejected 1", "success 1"], calls.Select(static point => $"{Tag(point, "thriftbreaker.call.outcome")} {point.GetSumLong()}").Order(StringComparer.Ordinal));
        Assert.All(calls, static point => Assert.Equal("Calculator/echo", Tag(point, "rpc.method")));
        Assert.Equal(1, Assert.Single(Points("thriftbreaker.circuit.state")).GetGaugeLastValueLong());
        Assert.Contains(spans, static span => span.DisplayName == "Calculator/echo" && span.Kind == ActivityKind.Client);

        List<MetricPoint> Points(string name)
        {
            var points = new List<MetricPoint>();
            foreach (ref readonly var point in metrics.Last(metric => metric.Name == name).GetMetricPoints())
            {
                if (Tag(point, "thriftbreaker.circuit.name") is "exported")
                {
                    points.Add(point);
                }
            }

            return points;
        }
    }

    private static object? Tag(MetricPoint point, string key)
    {
        foreach (var tag in point.Tags)
        {
            if (tag.Key == key)
            {
                return tag.Value;
            }
        }

        return null;
    }
}
