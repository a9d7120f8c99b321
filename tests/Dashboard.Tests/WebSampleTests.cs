using System.Net;
using Microsoft.Playwright;
using ThriftBreaker.Tests;
using static Microsoft.Playwright.Assertions;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>Tests the web sample, which uses every package of an ASP.NET Core app.</summary>
public sealed class WebSampleTests(Browser browser, WebSample sample) : IClassFixture<Browser>, IClassFixture<WebSample>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FrontPageRespondsWhileBackendsAreBroken()
    {
        await sample.WaitUntilShownAsync("/health", "^Healthy$");
        await sample.WaitUntilShownAsync("/", "Green tea, 5.90 €, [0-9]+ in stock");
        await sample.WaitUntilShownAsync("/", "<h2>For you</h2>");
        await sample.WaitUntilShownAsync("/metrics", StateMetric("Recommendations", CircuitState.Closed));

        await sample.PostAsync("/backends/recommendations/break");
        await sample.WaitUntilShownAsync("/health", "^Degraded$");
        await sample.WaitUntilShownAsync("/metrics", StateMetric("Recommendations", CircuitState.Open));
        await sample.WaitUntilShownAsync("/metrics", """^thriftbreaker_calls_total\{.*thriftbreaker_call_outcome="rejected",thriftbreaker_circuit_breaker_name="Recommendations"\} [1-9]""");
        await sample.WaitUntilShownAsync("/", "<h2>Bestsellers</h2>");
        await sample.WaitUntilShownAsync("/", "Green tea");

        await sample.PostAsync("/backends/catalog/break");
        await sample.WaitUntilShownAsync("/", "Not called: the circuit is open");
        await sample.WaitUntilShownAsync("/breakers/api", "\"name\":\"Catalog.stock\",\"state\":\"open\"");

        await sample.PostAsync("/backends/recommendations/heal");
        await sample.PostAsync("/backends/catalog/heal");
        await sample.WaitUntilShownAsync("/health", "^Healthy$");
        await sample.WaitUntilShownAsync("/", "<h2>For you</h2>");
        await sample.WaitUntilShownAsync("/", "Green tea, 5.90 €, [0-9]+ in stock");
        await sample.WaitUntilShownAsync("/metrics", StateMetric("Recommendations", CircuitState.Closed));
    }

    [Fact]
    public async Task ButtonRequestFromAnotherSiteIsRefused()
    {
        using var client = new HttpClient { Timeout = Deadline.Short };
        using var request = new HttpRequestMessage(HttpMethod.Post, sample.GetAddress("/backends/catalog/break"));
        request.Headers.Add("Sec-Fetch-Site", "cross-site");

        using var answer = await client.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("Break the catalog", await sample.GetAsync("/"), StringComparison.Ordinal);
    }

    /// <summary>
    /// With DNS rebinding, a page of another host name would have the same origin and come from this machine.
    /// </summary>
    [Fact]
    public async Task UnknownHostNameIsRefused()
    {
        using var client = new HttpClient { Timeout = Deadline.Short };
        using var request = new HttpRequestMessage(HttpMethod.Get, sample.GetAddress("/breakers"));
        request.Headers.Host = $"evil.example:{sample.GetAddress("/").Port}";

        using var answer = await client.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    /// <summary>
    /// samples/Web/screenshots.sh sets the folder of the screenshots; the test then waits for charts with enough
    /// samples.
    /// </summary>
    [Fact]
    public async Task DashboardScreenshotsAreTaken()
    {
        var folder = Environment.GetEnvironmentVariable("THRIFTBREAKER_SCREENSHOTS");
        var screenshots = Directory.CreateDirectory(folder ?? Path.Combine(TestRun.RepositoryRoot, "artifacts", "dashboard")).FullName;
        var chartTime = folder is null ? TimeSpan.Zero : TimeSpan.FromSeconds(15);
        var size = new ViewportSize { Width = 1120, Height = 640 };
        var light = await browser.OpenAsync(sample.GetAddress("/breakers"), scheme: ColorScheme.Light, size: size);
        var dark = await browser.OpenAsync(sample.GetAddress("/breakers"), scheme: ColorScheme.Dark, size: size);
        var badge = light.Locator("tbody tr", new() { HasText = "Recommendations" }).Locator(".badge");
        await Expect(badge).ToHaveTextAsync("closed");
        await Task.Delay(chartTime, Token);

        await sample.PostAsync("/backends/recommendations/break");
        await Task.Delay(chartTime, Token);
        await Expect(badge).ToHaveTextAsync("open");

        await light.ScreenshotAsync(new() { Path = Path.Combine(screenshots, "dashboard.png") });
        await dark.ScreenshotAsync(new() { Path = Path.Combine(screenshots, "dashboard-dark.png") });
        await sample.PostAsync("/backends/recommendations/heal");
        await sample.WaitUntilShownAsync("/health", "^Healthy$");
    }

    private static string StateMetric(string circuitBreaker, CircuitState state) => $$"""^thriftbreaker_circuit_breaker_state\{.*thriftbreaker_circuit_breaker_name="{{circuitBreaker}}".*\} {{(int)state}}\b""";
}
