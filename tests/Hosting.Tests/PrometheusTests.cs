namespace ThriftBreaker.Hosting.Tests;

/// <summary>The metrics of the Prometheus endpoint.</summary>
public sealed class PrometheusTests
{
    [Fact]
    public async Task EndpointHasEveryMetricWithItsTags()
    {
        var all = PrintedMetrics.Parse(await PrintedMetrics.PrintAsync("printed"));
        var printed = all.Where(static metric => metric.Labels.GetValueOrDefault("thriftbreaker_circuit_breaker_name") == "printed").ToArray();

        Assert.Equal(
            ["Calculator/calculate success Circuit.Calculators.DivisionByZero 1", "Calculator/crash failure Thrift.TApplicationException 3", "Calculator/echo rejected  1", "Calculator/echo success  2"],
            Of("thriftbreaker_calls_total").Where(static metric => metric.Value > 0).Select(static metric => $"{metric.Labels["rpc_method"]} {metric.Labels["thriftbreaker_call_outcome"]} {metric.Labels.GetValueOrDefault("error_type")} {metric.Value}").Order(StringComparer.Ordinal));
        Assert.All(Of("thriftbreaker_calls_total"), static metric => Assert.Equal("thrift", metric.Labels["rpc_system_name"]));
        Assert.Equal(
            ["closed open fail_max_reached 1", "half_open closed probes_succeeded 1", "open half_open manual 1"],
            Of("thriftbreaker_circuit_breaker_transitions_total").Where(static metric => metric.Value > 0).Select(static metric =>
                $"{metric.Labels["thriftbreaker_transition_from"]} {metric.Labels["thriftbreaker_transition_to"]} {metric.Labels["thriftbreaker_transition_reason"]} {metric.Value}").Order(StringComparer.Ordinal));
        Assert.Equal(("auto", 0), Of("thriftbreaker_circuit_breaker_state").Select(static metric => (metric.Labels["thriftbreaker_circuit_breaker_mode"], metric.Value)).Single());
        Assert.Equal(0, Of("thriftbreaker_circuit_breaker_failures").Single().Value);
        Assert.True(Of("thriftbreaker_circuit_breaker_open_time_seconds_total").Single().Value > 0);
        Assert.Equal(6, Of("thriftbreaker_call_duration_seconds_count").Sum(static metric => metric.Value));
        Assert.Contains(Of("thriftbreaker_call_duration_seconds_bucket"), static metric => metric.Labels["le"] == "0.005");

        IEnumerable<PrintedMetric> Of(string name) => printed.Where(metric => metric.Name == name);
    }
}
