using System.Net;
using Microsoft.Playwright;
using ThriftBreaker.Tests;
using static Microsoft.Playwright.Assertions;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>The sample of a web app, with everything in it that the packages bring to one.</summary>
public sealed class WebSampleTests(Browser browser, WebSample sample) : IClassFixture<Browser>, IClassFixture<WebSample>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ABackendBreaksAndHealsAndThePageAnswersThroughout()
    {
        await sample.ShowsAsync("/health", "^Healthy$");
        await sample.ShowsAsync("/", "Green tea, 5.90 €, [0-9]+ in stock");
        await sample.ShowsAsync("/", "<h2>For you</h2>");
        await sample.ShowsAsync("/metrics", State("Recommendations", CircuitState.Closed));

        await sample.PostAsync("/backends/recommendations/break");
        await sample.ShowsAsync("/health", "^Degraded$");
        await sample.ShowsAsync("/metrics", State("Recommendations", CircuitState.Open));
        await sample.ShowsAsync("/metrics", """^thriftbreaker_calls_total\{.*thriftbreaker_call_outcome="rejected",thriftbreaker_circuit_breaker_name="Recommendations"\} [1-9]""");
        await sample.ShowsAsync("/", "<h2>Bestsellers</h2>");
        await sample.ShowsAsync("/", "Green tea");

        await sample.PostAsync("/backends/catalog/break");
        await sample.ShowsAsync("/", "Not asked: the circuit is open");
        await sample.ShowsAsync("/breakers/api", "\"name\":\"Catalog.stock\",\"state\":\"open\"");

        await sample.PostAsync("/backends/recommendations/heal");
        await sample.PostAsync("/backends/catalog/heal");
        await sample.ShowsAsync("/health", "^Healthy$");
        await sample.ShowsAsync("/", "<h2>For you</h2>");
        await sample.ShowsAsync("/", "Green tea, 5.90 €, [0-9]+ in stock");
        await sample.ShowsAsync("/metrics", State("Recommendations", CircuitState.Closed));
    }

    [Fact]
    public async Task AButtonIsNotPressedFromAnotherSite()
    {
        using var client = new HttpClient { Timeout = Deadline.Short };
        using var request = new HttpRequestMessage(HttpMethod.Post, sample.AddressOf("/backends/catalog/break"));
        request.Headers.Add("Sec-Fetch-Site", "cross-site");

        using var answer = await client.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("Break the catalog", await sample.GetAsync("/"), StringComparison.Ordinal);
    }

    /// <summary>A page whose name leads to this machine (DNS rebinding) would be of its own origin, and at this machine.</summary>
    [Fact]
    public async Task ItAnswersToNoOtherName()
    {
        using var client = new HttpClient { Timeout = Deadline.Short };
        using var request = new HttpRequestMessage(HttpMethod.Get, sample.AddressOf("/breakers"));
        request.Headers.Host = $"evil.example:{sample.AddressOf("/").Port}";

        using var answer = await client.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    /// <summary>samples/Web/picture.sh says where the pictures go, and waits for charts that are worth one.</summary>
    [Fact]
    public async Task ItsCircuitsAreWorthAPicture()
    {
        var folder = Environment.GetEnvironmentVariable("THRIFTBREAKER_PICTURES");
        var pictures = Directory.CreateDirectory(folder ?? Path.Combine(TestRun.RepositoryRoot, "artifacts", "dashboard")).FullName;
        var between = folder is null ? TimeSpan.Zero : TimeSpan.FromSeconds(15);
        var size = new ViewportSize { Width = 1120, Height = 640 };
        var light = await browser.OpenAsync(sample.AddressOf("/breakers"), scheme: ColorScheme.Light, size: size);
        var dark = await browser.OpenAsync(sample.AddressOf("/breakers"), scheme: ColorScheme.Dark, size: size);
        var badge = light.Locator("tbody tr", new() { HasText = "Recommendations" }).Locator(".badge");
        await Expect(badge).ToHaveTextAsync("closed");
        await Task.Delay(between, Token);

        await sample.PostAsync("/backends/recommendations/break");
        await Task.Delay(between, Token);
        await Expect(badge).ToHaveTextAsync("open");

        await light.ScreenshotAsync(new() { Path = Path.Combine(pictures, "dashboard.png") });
        await dark.ScreenshotAsync(new() { Path = Path.Combine(pictures, "dashboard-dark.png") });
        await sample.PostAsync("/backends/recommendations/heal");
        await sample.ShowsAsync("/health", "^Healthy$");
    }

    private static string State(string circuit, CircuitState state) => $$"""^thriftbreaker_circuit_breaker_state\{.*thriftbreaker_circuit_breaker_name="{{circuit}}".*\} {{(int)state}}\b""";
}
