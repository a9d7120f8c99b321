using System.Globalization;
using System.Text.RegularExpressions;
using Circuit.Calculators;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>One line of a Prometheus endpoint.</summary>
internal sealed record PrintedMetric(string Name, IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>
/// The Prometheus endpoint of an app after successful, declined, failed, rejected and probing calls, with an opened and
/// closed circuit.
/// </summary>
internal static partial class PrintedMetrics
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="circuit">The name of the client, which separates its metrics from those of other tests.</param>
    public static async Task<string> PrintAsync(string circuit)
    {
        await using var server = CalculatorServer.Start();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddKeyedThriftClient<Calculator.CircuitBreakerClient>(circuit, "127.0.0.1", server.Port);
        builder.Services.AddOpenTelemetry().WithMetrics(static metrics => metrics.AddThriftBreakerInstrumentation().AddPrometheusExporter());
        await using var app = builder.Build();
        app.MapPrometheusScrapingEndpoint();
        await app.StartAsync(Token).WaitAsync(Deadline.Short, Token);
        var client = app.Services.GetRequiredKeyedService<Calculator.CircuitBreakerClient>(circuit);

        Assert.Equal("hello", await client.echo("hello", Token).WaitAsync(Deadline.Short, Token));
        await Assert.ThrowsAsync<DivisionByZero>(() => client.calculate(new Work { Left = 1, Right = 0, Operation = Operation.DIVIDE }, Token).WaitAsync(Deadline.Short, Token));
        for (var call = 0; call < 3; call++)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => client.crash(Token).WaitAsync(Deadline.Short, Token));
        }

        await Assert.ThrowsAsync<CircuitOpenException>(() => client.echo("lost", Token));
        client.CircuitBreaker.HalfOpen();
        Assert.Equal("hello", await client.echo("hello", Token).WaitAsync(Deadline.Short, Token));
        return await ScrapeAsync(app);
    }

    private static async Task<string> ScrapeAsync(WebApplication app)
    {
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = Deadline.Short };
        return await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Token);
    }

    public static IReadOnlyList<PrintedMetric> Parse(string printed) =>
    [
        .. Line.Matches(printed).Select(static line => new PrintedMetric(
            line.Groups["name"].Value,
            Label.Matches(line.Groups["labels"].Value).ToDictionary(static label => label.Groups["name"].Value, static label => label.Groups["value"].Value),
            double.Parse(line.Groups["value"].Value.Replace("+Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture))),
    ];

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][\w:]*)(\{(?<labels>.*)\})? (?<value>\S+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Line { get; }

    [GeneratedRegex(@"(?<name>\w+)=""(?<value>([^""\\]|\\.)*)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Label { get; }
}
