using System.Diagnostics;
using Circuit.Calculators;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Thrift;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>The metrics and traces that an OpenTelemetry exporter receives.</summary>
public sealed class TelemetryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddThriftBreakerInstrumentationExportsMetricsAndSpans()
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
        await Assert.ThrowsAsync<TApplicationException>(() => service.crash(Token).WaitAsync(Deadline.Short, Token));
        host.GetCircuitBreaker("exported").Open();
        await Assert.ThrowsAsync<CircuitOpenException>(() => service.echo("lost", Token));
        Assert.True(host.Services.GetRequiredService<MeterProvider>().ForceFlush());
        Assert.True(host.Services.GetRequiredService<TracerProvider>().ForceFlush());

        // The provider exports the calls of all tests; it must not change the list during the assertions.
        host.Services.GetRequiredService<TracerProvider>().Dispose();

        var calls = Points("thriftbreaker.calls");
        Assert.Equal(
            ["Calculator/crash failure 1", "Calculator/echo rejected 1", "Calculator/echo success 1"],
            calls.Select(static point => $"{Tag(point, "rpc.method")} {Tag(point, "thriftbreaker.call.outcome")} {point.GetSumLong()}").Order(StringComparer.Ordinal));
        Assert.Equal(1, Assert.Single(Points("thriftbreaker.circuit_breaker.state")).GetGaugeLastValueLong());
        Assert.Equal(
            [("Calculator/echo", ActivityKind.Client, ActivityStatusCode.Unset, null), ("Calculator/crash", ActivityKind.Client, ActivityStatusCode.Error, typeof(TApplicationException).FullName)],
            spans.Where(span => span.GetTagItem("server.port") is int port && port == server.Port)
                .Select(static span => (span.DisplayName, span.Kind, span.Status, (string?)span.GetTagItem("error.type"))));

        List<MetricPoint> Points(string name)
        {
            var points = new List<MetricPoint>();
            foreach (ref readonly var point in metrics.Last(metric => metric.Name == name).GetMetricPoints())
            {
                if (Tag(point, "thriftbreaker.circuit_breaker.name") is "exported")
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
