using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>
/// Tests several tabs of one browser. Over HTTP/1.1 it opens six connections to an app, and a stream occupies one.
/// </summary>
public sealed class TabsTests(Browser browser) : IClassFixture<Browser>
{
    private int _streams;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TabsOfABrowserShareOneStream()
    {
        await using var app = await StartAsync();
        var circuitBreaker = new CircuitBreaker(new() { Name = "Shown.in.eight.tabs" });
        var tabs = new List<IPage> { await browser.OpenAsync(app) };
        while (tabs.Count < 8)
        {
            tabs.Add(await OpenTabAsync(tabs[0], app));
        }

        foreach (var tab in tabs)
        {
            await Expect(tab.Locator("#connection")).ToHaveTextAsync("live");
            await Expect(Badge(tab, circuitBreaker)).ToHaveTextAsync("closed");
        }

        circuitBreaker.Open();

        foreach (var tab in tabs)
        {
            await Expect(Badge(tab, circuitBreaker)).ToHaveTextAsync("open");
            await Expect(tab.Locator("#changes")).ToContainTextAsync($"{circuitBreaker.Name}: closed → open");
        }

        await Deadline.UntilAsync(() => Volatile.Read(ref _streams) == 1, "one stream remains");
    }

    [Fact]
    public async Task AnotherTabTakesTheStreamOver()
    {
        await using var app = await StartAsync();
        var circuitBreaker = new CircuitBreaker(new() { Name = "Taken.over" });
        var first = await browser.OpenAsync(app);
        await Expect(Badge(first, circuitBreaker)).ToHaveTextAsync("closed");
        var second = await OpenTabAsync(first, app);
        await Expect(Badge(second, circuitBreaker)).ToHaveTextAsync("closed");
        await Expect(second.Locator("#connection")).ToHaveTextAsync("live");

        await first.CloseAsync();
        circuitBreaker.Open();

        await Expect(Badge(second, circuitBreaker)).ToHaveTextAsync("open");
        await Deadline.UntilAsync(() => Volatile.Read(ref _streams) == 1, "the stream of the closed tab ends");
    }

    /// <summary>A tab that crashes or hangs does not release its lease.</summary>
    [Fact]
    public async Task LeaseOfAHangingTabExpires()
    {
        await using var app = await StartAsync();
        var circuitBreaker = new CircuitBreaker(new() { Name = "Hung" });
        var first = await browser.OpenAsync(app);
        await Expect(Badge(first, circuitBreaker)).ToHaveTextAsync("closed");
        var second = await OpenTabAsync(first, app);
        await Expect(Badge(second, circuitBreaker)).ToHaveTextAsync("closed");

        await first.EvaluateAsync("() => { updateLease = () => {}; disconnect(); }");
        circuitBreaker.Open();

        await Expect(Badge(second, circuitBreaker)).ToHaveTextAsync("open");
    }

    [Fact]
    public async Task HiddenTabClosesItsStream()
    {
        await using var app = await StartAsync();
        var circuitBreaker = new CircuitBreaker(new() { Name = "Hidden" });
        var page = await browser.OpenAsync(app);
        await Expect(Badge(page, circuitBreaker)).ToHaveTextAsync("closed");

        await SetHiddenAsync(page, hidden: true);
        await Deadline.UntilAsync(() => Volatile.Read(ref _streams) == 0, "the stream ends");
        circuitBreaker.Open();
        await Expect(page.Locator("#connection")).ToHaveTextAsync("paused while this tab is hidden");

        await SetHiddenAsync(page, hidden: false);
        await Expect(Badge(page, circuitBreaker)).ToHaveTextAsync("open");
        await Expect(page.Locator("#connection")).ToHaveTextAsync("live");
        Assert.Equal(1, Volatile.Read(ref _streams));
    }

    [Fact]
    public async Task HiddenTabLeavesTheStreamToAVisibleOne()
    {
        await using var app = await StartAsync();
        var circuitBreaker = new CircuitBreaker(new() { Name = "Left.to.the.visible" });
        var first = await browser.OpenAsync(app);
        await Expect(Badge(first, circuitBreaker)).ToHaveTextAsync("closed");
        var second = await OpenTabAsync(first, app);
        await Expect(Badge(second, circuitBreaker)).ToHaveTextAsync("closed");

        await SetHiddenAsync(first, hidden: true);
        circuitBreaker.Open();

        await Expect(Badge(second, circuitBreaker)).ToHaveTextAsync("open");
        await Expect(Badge(first, circuitBreaker)).ToHaveTextAsync("closed");
        await SetHiddenAsync(first, hidden: false);
        await Expect(Badge(first, circuitBreaker)).ToHaveTextAsync("open");
        await Deadline.UntilAsync(() => Volatile.Read(ref _streams) == 1, "one stream remains");
    }

    /// <summary>A browser that denies the storage to the page still shows it.</summary>
    [Fact]
    public async Task PageWithoutStorageHasItsOwnStream()
    {
        await using var app = await StartAsync();
        var circuitBreaker = new CircuitBreaker(new() { Name = "Without.storage" });
        var page = await browser.OpenAsync(app);
        await page.Context.AddInitScriptAsync("Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } });");

        await page.ReloadAsync();

        await Expect(page.Locator("#connection")).ToHaveTextAsync("live");
        await Expect(Badge(page, circuitBreaker)).ToHaveTextAsync("closed");
    }

    /// <summary>The stream ends once a minute. The page continues with a new one, which the app authorizes.</summary>
    [Fact]
    public async Task PageRenewsItsStreamWithoutAGap()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var started = 0;
        await using var app = await StartAsync(
            services => services.AddSingleton<TimeProvider>(clock),
            onStream: () => Interlocked.Increment(ref started));
        var circuitBreaker = new CircuitBreaker(new() { Name = "Renewed" });
        var page = await browser.OpenAsync(app);
        await Expect(page.Locator("#connection")).ToHaveTextAsync("live");
        await page.EvaluateAsync("() => { window.seen = []; new MutationObserver(() => seen.push(document.getElementById('connection').textContent)).observe(document.getElementById('connection'), { childList: true }); }");

        for (var second = 0; Volatile.Read(ref started) < 2; second++)
        {
            Assert.InRange(second, 0, 1_000);
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, Token);
        }

        circuitBreaker.Open();
        clock.Advance(TimeSpan.FromSeconds(1));
        await Expect(Badge(page, circuitBreaker)).ToHaveTextAsync("open");
        Assert.DoesNotContain(await page.EvaluateAsync<string[]>("seen"), static text => text != "live");
    }

    [Fact]
    public async Task OperationThatTheBrowserDelaysIsRefused()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var app = await TestApp.StartAsync(operations: true, services: services => services.AddSingleton<TimeProvider>(clock));
        var circuitBreaker = new CircuitBreaker(new() { Name = "Delayed" });
        var page = await browser.OpenAsync(app, TestApp.Operator);
        var row = page.Locator("tbody tr", new() { HasText = circuitBreaker.Name });
        await page.RouteAsync("**/breakers/api/*/isolate", route =>
        {
            clock.Advance(TimeSpan.FromMinutes(3));
            return route.ContinueAsync();
        });

        await row.Locator("summary").ClickAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = $"isolate {circuitBreaker.Name}", Exact = true }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync(new Regex("^isolate Delayed: The operation arrived 1[67][0-9]\\.[0-9] s after its deadline, and nothing was changed\\."));
        Assert.Equal(CircuitMode.Auto, circuitBreaker.Mode);
    }

    private static ILocator Badge(IPage page, CircuitBreaker circuitBreaker) => page.Locator("tbody tr", new() { HasText = circuitBreaker.Name }).Locator(".badge");

    private static async Task<IPage> OpenTabAsync(IPage first, TestApp app)
    {
        var tab = await first.Context.NewPageAsync();
        await tab.GotoAsync(app.Page.ToString());
        return tab;
    }

    /// <summary>Pages of a browser without a window are never hidden by themselves.</summary>
    private static async Task SetHiddenAsync(IPage page, bool hidden)
        => await page.EvaluateAsync(
            "hidden => { Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden }); document.dispatchEvent(new Event('visibilitychange', { bubbles: true })); }",
            hidden);

    /// <summary>Starts an app that counts the streams of the page.</summary>
    private Task<TestApp> StartAsync(Action<IServiceCollection>? services = null, Action? onStream = null)
        => TestApp.StartAsync(services: services, before: pipeline => pipeline.Use(async (context, next) =>
        {
            if (context.Request.Path != "/breakers/events" || !HttpMethods.IsGet(context.Request.Method))
            {
                await next(context);
                return;
            }

            onStream?.Invoke();
            Interlocked.Increment(ref _streams);
            try
            {
                await next(context);
            }
            finally
            {
                Interlocked.Decrement(ref _streams);
            }
        }));
}
