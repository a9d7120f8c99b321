using System.Diagnostics;
using Circuit.Calculators;
using Circuit.Example;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
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
            calls.Where(static point => point.GetSumLong() > 0).Select(static point => $"{Tag(point, "rpc.method")} {Tag(point, "thriftbreaker.call.outcome")} {point.GetSumLong()}").Order(StringComparer.Ordinal));
        Assert.Equal(1, Assert.Single(Points("thriftbreaker.circuit_breaker.state")).GetGaugeLastValueLong());
        Assert.Equal(
            [("Calculator/echo", ActivityKind.Client, ActivityStatusCode.Unset, null), ("Calculator/crash", ActivityKind.Client, ActivityStatusCode.Error, typeof(TApplicationException).FullName)],
            spans.Where(span => span.GetTagItem("server.port") is int port && port == server.Port)
                .Select(static span => (span.DisplayName, span.Kind, span.Status, (string?)span.GetTagItem("error.type"))));

        List<MetricPoint> Points(string name) => GetPoints(metrics, name, "exported");
    }

    /// <summary>
    /// The call of a request is a part of the request's trace. Without the spans of ASP.NET Core, the request counts as
    /// not sampled, and so do its calls: docs/telemetry.md says so.
    /// </summary>
    [Fact]
    public async Task CallDuringARequestIsASpanOfItsTrace()
    {
        var spans = new List<Activity>();
        await using var server = CalculatorServer.Start();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddThriftClient<Calculator.CircuitBreakerClient>("127.0.0.1", server.Port);
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource("Microsoft.AspNetCore").AddThriftBreakerInstrumentation().AddInMemoryExporter(spans));
        await using var app = builder.Build();
        app.MapGet("/", static (Calculator.IAsync service, CancellationToken token) => service.echo("hello", token));
        await app.StartAsync(Token).WaitAsync(Deadline.Short, Token);

        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = Deadline.Short };
        Assert.Equal("hello", await http.GetStringAsync(new Uri("/", UriKind.Relative), Token));

        // The span of the request ends after its response. The provider exports the calls of all tests until it ends.
        await app.StopAsync(Token).WaitAsync(Deadline.Short, Token);
        Assert.True(app.Services.GetRequiredService<TracerProvider>().ForceFlush());
        app.Services.GetRequiredService<TracerProvider>().Dispose();

        var call = Assert.Single(spans, span => span.GetTagItem("server.port") is int port && port == server.Port && span.Kind == ActivityKind.Client);
        Assert.Equal("Calculator/echo", call.DisplayName);
        Assert.Contains(spans, span => span.Kind == ActivityKind.Server && span.TraceId == call.TraceId);
    }

    /// <summary>
    /// The clients are created before the exporter. A counter whose first value is that of the first opening shows no
    /// increase.
    /// </summary>
    [Fact]
    public async Task CountersOfACircuitBreakerStartAtZero()
    {
        var metrics = new List<Metric>();
        using var host = await TestHost.StartAsync(services =>
        {
            services.AddKeyedThriftClient<MyService.CircuitBreakerClient>("zero", TestHost.Unreachable);
            services.AddOpenTelemetry().WithMetrics(builder => builder.AddThriftBreakerInstrumentation().AddInMemoryExporter(metrics));
        });

        var before = GetCounters();

        Assert.Equal(
            [
                "calls rejected MyService/doSomething 0",
                "closed open fail_max_reached 0", "closed open manual 0", "half_open closed probes_succeeded 0", "half_open open probe_failed 0", "half_open open probe_timed_out 0", "open closed manual 0",
                "open half_open reset_timeout_passed 0", "open time 0",
            ],
            before);

        host.GetCircuitBreaker("zero").Open();
        await Assert.ThrowsAsync<CircuitOpenException>(() => host.Services.GetRequiredKeyedService<MyService.IAsync>("zero").doSomething(new Request(), Token));

        Assert.Equal(["calls rejected MyService/doSomething 1", "closed open manual 1"], GetCounters().Except(before));

        string[] GetCounters()
        {
            metrics.Clear();
            Assert.True(host.Services.GetRequiredService<MeterProvider>().ForceFlush());
            return
            [
                .. GetPoints(metrics, "thriftbreaker.calls", "zero")
                    .Select(static point => $"calls {Tag(point, "thriftbreaker.call.outcome")} {Tag(point, "rpc.method")} {point.GetSumLong()}").Order(StringComparer.Ordinal),
                .. GetPoints(metrics, "thriftbreaker.circuit_breaker.transitions", "zero")
                    .Select(static point => $"{Tag(point, "thriftbreaker.transition.from")} {Tag(point, "thriftbreaker.transition.to")} {Tag(point, "thriftbreaker.transition.reason")} {point.GetSumLong()}").Order(StringComparer.Ordinal),
                .. GetPoints(metrics, "thriftbreaker.circuit_breaker.open.time", "zero").Select(static point => $"open time {point.GetSumDouble()}"),
            ];
        }
    }

    private static List<MetricPoint> GetPoints(List<Metric> metrics, string name, string circuitBreaker)
    {
        var points = new List<MetricPoint>();
        foreach (ref readonly var point in metrics.Last(metric => metric.Name == name).GetMetricPoints())
        {
            if (Tag(point, "thriftbreaker.circuit_breaker.name") is string tag && tag == circuitBreaker)
            {
                points.Add(point);
            }
        }

        return points;
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
