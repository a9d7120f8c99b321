using System.Security.Claims;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>Tests the page in a browser.</summary>
public sealed partial class PageTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task PageShowsOpenHalfOpenAndClosedState()
    {
        await using var app = await TestApp.StartAsync();
        var circuitBreaker = new CircuitBreaker(new() { Name = "Orders.submit", FailMax = 2, ResetTimeout = TimeSpan.FromSeconds(1) });
        var page = await browser.OpenAsync(app);
        var row = Row(page, "Orders.submit");
        await Expect(row).ToContainTextAsync("closed");
        await Expect(row).ToContainTextAsync("0 of 2");

        Fail(circuitBreaker);
        Fail(circuitBreaker);
        await Expect(row.Locator(".badge")).ToHaveTextAsync("open");
        await Expect(row).ToContainTextAsync("2 of 2");
        await Expect(row).ToContainTextAsync("TimeoutException");

        await Deadline.UntilAsync(() => circuitBreaker.RetryAfter == TimeSpan.Zero, "a probe is due");
        Assert.True(circuitBreaker.TryEnter(out var probe));
        await Expect(row.Locator(".badge")).ToHaveTextAsync("half-open");

        probe.Complete(CallOutcome.Success);
        await Expect(row.Locator(".badge")).ToHaveTextAsync("closed");
        await Expect(page.Locator("#changes li", new() { HasText = "Orders.submit:" }).First).ToContainTextAsync("half-open → closed, probes succeeded");
        await Expect(page.Locator("#changes")).ToContainTextAsync("Orders.submit: closed → open, too many consecutive failures (TimeoutException)");
        await Expect(page.Locator("#hour")).ToContainTextAsync("Orders.submit");
    }

    /// <summary>
    /// Server and browser share the clock. Each of nine changes must be on the page within a second. Other tests load
    /// the machine, so one of five attempts must succeed.
    /// </summary>
    [Fact]
    public async Task StateChangeIsShownWithinOneSecond()
    {
        await using var app = await TestApp.StartAsync();
        var circuitBreaker = new CircuitBreaker(new() { Name = "Prompt", FailMax = 1, ResetTimeout = TimeSpan.FromSeconds(0.3) });
        var page = await browser.OpenAsync(app);
        var row = Row(page, circuitBreaker.Name);
        await Expect(row.Locator(".badge")).ToHaveTextAsync("closed");
        await row.Locator(".badge").EvaluateAsync("badge => { window.sights = []; new MutationObserver(() => window.sights.push([badge.textContent, Date.now()])).observe(badge, { childList: true }); }");
        var changed = new List<(string State, long At)>();
        circuitBreaker.StateChanged += (_, change) => changed.Add((change.To == CircuitState.HalfOpen ? "half-open" : change.To == CircuitState.Open ? "open" : "closed", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));

        var attempts = new List<string>();
        for (var attempt = 0; attempt < 5; attempt++)
        {
            for (var round = 0; round < 3; round++)
            {
                Fail(circuitBreaker);
                await Expect(row.Locator(".badge")).ToHaveTextAsync("open");
                await Deadline.UntilAsync(() => circuitBreaker.RetryAfter == TimeSpan.Zero, "a probe is due");
                Assert.True(circuitBreaker.TryEnter(out var probe));
                await Expect(row.Locator(".badge")).ToHaveTextAsync("half-open");
                probe.Complete(CallOutcome.Success);
                await Expect(row.Locator(".badge")).ToHaveTextAsync("closed");
            }

            var shown = (await page.EvaluateAsync<JsonElement>("window.sights.splice(0)")).EnumerateArray().Select(static entry => (State: entry[0].GetString()!, At: entry[1].GetInt64())).ToArray();
            Assert.Equal(changed.Select(static change => change.State), shown.Select(static change => change.State));
            var delays = changed.Zip(shown, static (change, sight) => sight.At - change.At).ToArray();
            if (delays.All(static delay => delay < 1000))
            {
                return;
            }

            attempts.Add($"after {string.Join(", ", delays)} ms");
            changed.Clear();
        }

        Assert.Fail($"Not every change was shown within a second: {string.Join("; ", attempts)}.");
    }

    [Fact]
    public async Task CallsAndRejectionsAreCountedWhileViewed()
    {
        await using var app = await TestApp.StartAsync();
        var circuitBreaker = new CircuitBreaker(new() { Name = "Counted" });
        var page = await browser.OpenAsync(app);
        var row = Row(page, "Counted");
        await Expect(row).ToBeVisibleAsync();

        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var calls = CallAsync(circuitBreaker, end.Token);

        await Expect(row.Locator("td.calls span")).ToHaveTextAsync(Above0());
        circuitBreaker.SetMode(CircuitMode.Isolated);
        await Expect(row.Locator("td.rejections span")).ToHaveTextAsync(Above0());
        await Expect(row.Locator("td.calls span")).ToHaveTextAsync("0");
        await Expect(row.Locator(".badge")).ToHaveTextAsync("isolated (closed)");
        await end.CancelAsync();
        await calls;
    }

    [Fact]
    public async Task NameWithMarkupIsShownAsText()
    {
        await using var app = await TestApp.StartAsync();
        var circuitBreaker = new CircuitBreaker(new() { Name = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">" });
        var page = await browser.OpenAsync(app);

        await Expect(Row(page, circuitBreaker.Name)).ToBeVisibleAsync();
        circuitBreaker.Open();
        await Expect(page.Locator("#changes")).ToContainTextAsync("<script>");

        Assert.Equal("Circuit breakers", await page.TitleAsync());
        Assert.Equal(0, await page.Locator("img").CountAsync());
    }

    [Fact]
    public async Task FormFiltersSortsAndGroups()
    {
        await using var app = await TestApp.StartAsync();
        CircuitBreaker[] circuitBreakers = [.. Names("Stock.get", "Stock.put", "Stock endpoint 10.0.0.1:9090", "Billing").Select(static name => new CircuitBreaker(new() { Name = $"Z{name}" }))];
        circuitBreakers[1].Open();
        var page = await browser.OpenAsync(app);

        await page.GetByRole(AriaRole.Searchbox).FillAsync("zs");
        await Expect(page.Locator("tbody th[scope=row]")).ToHaveTextAsync(Names("ZStock endpoint 10.0.0.1:9090", "ZStock.get", "ZStock.put"));
        await Expect(page.Locator("tr.heading")).ToHaveTextAsync("ZStock — 3 circuit breakers");
        await page.Locator("#order").SelectOptionAsync("state");
        await Expect(page.Locator("tbody th[scope=row]")).ToHaveTextAsync(Names("ZStock.put", "ZStock endpoint 10.0.0.1:9090", "ZStock.get"));
        await page.Locator("#state").SelectOptionAsync("unhealthy");
        await Expect(page.Locator("tbody th[scope=row]")).ToHaveTextAsync(Names("ZStock.put"));
        await page.GetByLabel("by service").UncheckAsync();
        await Expect(page.Locator("tr.heading")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Searchbox).FillAsync("no such");
        await Expect(page.Locator("#none")).ToBeVisibleAsync();
        GC.KeepAlive(circuitBreakers);
    }

    [Fact]
    public async Task KeyboardPerformsOperation()
    {
        await using var app = await TestApp.StartAsync(operations: true);
        var circuitBreaker = new CircuitBreaker(new() { Name = "Operated" });
        var page = await browser.OpenAsync(app, TestApp.Operator);
        var row = Row(page, "Operated");

        await row.Locator("summary").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(row.Locator(".badge")).ToHaveTextAsync("open");
        await Expect(row.Locator("summary")).ToBeFocusedAsync();
        await Expect(row.Locator("details")).Not.ToHaveAttributeAsync("open", "");
        await Expect(page.Locator("#changes li", new() { HasText = "Operated:" }).First).ToContainTextAsync("closed → open, manual");
        Assert.Equal(CircuitState.Open, circuitBreaker.State);
    }

    [Fact]
    public async Task MovedRowKeepsFocus()
    {
        await using var app = await TestApp.StartAsync(operations: true);
        CircuitBreaker[] circuitBreakers = [.. Names("Moving.a", "Moving.b", "Moving.c").Select(static name => new CircuitBreaker(new() { Name = name }))];
        var page = await browser.OpenAsync(app, TestApp.Operator);
        await page.GetByRole(AriaRole.Searchbox).FillAsync("moving.");
        await page.Locator("#order").SelectOptionAsync("state");
        var rows = page.Locator("tbody th[scope=row]");
        await Expect(rows).ToHaveTextAsync(Names("Moving.a", "Moving.b", "Moving.c"));
        var second = Row(page, "Moving.b").Locator("summary");
        await second.FocusAsync();

        circuitBreakers[2].Open();
        await Expect(rows).ToHaveTextAsync(Names("Moving.c", "Moving.a", "Moving.b"));
        await Expect(second).ToBeFocusedAsync();
        circuitBreakers[1].Open();
        await Expect(rows).ToHaveTextAsync(Names("Moving.b", "Moving.c", "Moving.a"));
        await Expect(second).ToBeFocusedAsync();
        GC.KeepAlive(circuitBreakers);
    }

    [Theory]
    [InlineData(null, "Sign in first: operations require authorization.")]
    [InlineData(TestApp.Reader, "You are not authorized to control circuit breakers.")]
    public async Task UnauthorizedOperationShowsError(string? user, string error)
    {
        await using var app = await TestApp.StartAsync(operations: true);
        var circuitBreaker = new CircuitBreaker(new() { Name = $"Kept from {user}." });
        var page = await browser.OpenAsync(app, user);
        var row = Row(page, circuitBreaker.Name);

        await row.Locator("summary").ClickAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = $"open {circuitBreaker.Name}", Exact = true }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync($"open {circuitBreaker.Name}: {error}");
        Assert.Equal(CircuitState.Closed, circuitBreaker.State);
    }

    /// <summary>
    /// The session ends while the page is open. The cookie handler redirects to a login page, which a script would take
    /// for a success. By default, it responds with 401 to requests that identify themselves as scripts.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PageOfEndedSessionAsksToSignIn(bool redirectScripts)
    {
        HttpContext? viewer = null;
        await using var app = await TestApp.StartAsync(
            operations: true,
            protect: static page => page.RequireAuthorization(),
            services: services => AddSessions(services, redirectScripts),
            before: pipeline => pipeline.Use((context, next) =>
            {
                viewer = context.Request.Path == "/breakers/events" ? context : viewer;
                return context.Request.Path == "/sign-in" ? SignInAsync(context) : context.Request.Path == "/Account/Login" ? context.Response.WriteAsync("Login") : next(context);
            }));
        var circuitBreaker = new CircuitBreaker(new() { Name = $"Left open {redirectScripts}" });
        var page = await browser.OpenAsync(new Uri(app.Address, "/sign-in"));
        var row = Row(page, circuitBreaker.Name);
        await Expect(page.Locator("#connection")).ToHaveTextAsync("live");

        await page.Context.ClearCookiesAsync();
        await row.Locator("summary").ClickAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = $"open {circuitBreaker.Name}", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync($"open {circuitBreaker.Name}: sign in first.");
        Assert.Equal(CircuitState.Closed, circuitBreaker.State);

        viewer!.Abort();
        await Expect(page.Locator("#connection")).ToHaveTextAsync("signed out; reload the page to sign in again");

        // The user signs in again in another tab.
        var tab = await page.Context.NewPageAsync();
        await tab.GotoAsync(new Uri(app.Address, "/sign-in").ToString());
        await Expect(page.Locator("#connection")).ToHaveTextAsync("live");
    }

    /// <summary>
    /// Another port of the same host is another origin, from which the browser still sends the user's cookies.
    /// </summary>
    [Fact]
    public async Task OperationFromPageOfAnotherSiteIsRefused()
    {
        await using var app = await TestApp.StartAsync(operations: true);
        var circuitBreaker = new CircuitBreaker(new() { Name = "Attacked" });
        var page = await browser.OpenAsync(app, TestApp.Operator);
        var id = await Row(page, circuitBreaker.Name).GetAttributeAsync("data-id");
        var operation = $"{app.Page}/api/{id}/open";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var other = builder.Build();
        other.Urls.Add("http://127.0.0.1:0");
        other.MapGet("/", (RequestDelegate)(context =>
        {
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync($"<form method=post action='{operation}'><button>win</button></form>");
        }));
        await other.StartAsync(TestContext.Current.CancellationToken);
        await page.GotoAsync(other.Urls.Single());

        // With the header, the CORS preflight fails; without it, the app refuses.
        await Assert.ThrowsAsync<PlaywrightException>(() => page.EvaluateAsync($"fetch('{operation}', {{ method: 'POST', credentials: 'include', headers: {{ 'X-ThriftBreaker': 'page' }} }})"));
        await page.EvaluateAsync($"fetch('{operation}', {{ method: 'POST', credentials: 'include', mode: 'no-cors' }})");
        var answer = await page.RunAndWaitForResponseAsync(() => page.GetByRole(AriaRole.Button).ClickAsync(), operation);

        Assert.Equal(403, answer.Status);
        Assert.Contains("user=", (await answer.Request.AllHeadersAsync())["cookie"], StringComparison.Ordinal);
        Assert.Equal(CircuitState.Closed, circuitBreaker.State);
        Assert.Empty(app.Logs);
    }

    [Fact]
    public async Task WithoutOperationsPageHasNoControls()
    {
        await using var app = await TestApp.StartAsync();
        var circuitBreaker = new CircuitBreaker(new() { Name = "Shown" });
        var page = await browser.OpenAsync(app);

        await Expect(Row(page, "Shown")).ToBeVisibleAsync();
        await Expect(page.Locator("summary")).ToHaveCountAsync(0);
        GC.KeepAlive(circuitBreaker);
    }

    /// <summary>The page began to record the circuit breaker when the test created it.</summary>
    [Fact]
    public async Task LaneIsUnknownBeforeTheRecordingBegan()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var app = await TestApp.StartAsync(services: services => services.AddSingleton<TimeProvider>(clock));
        var circuitBreaker = new CircuitBreaker(new() { Name = "Young.lane" });
        clock.Advance(TimeSpan.FromMinutes(10));
        circuitBreaker.Open();
        clock.Advance(TimeSpan.FromMinutes(20));
        var page = await browser.OpenAsync(app);
        await page.GetByRole(AriaRole.Searchbox).FillAsync(circuitBreaker.Name);
        await Expect(page.Locator("#hour title")).ToHaveTextAsync([circuitBreaker.Name]);

        // In sixths of an hour.
        var lane = await page.EvaluateAsync<string[]>("""
            () => {
              const rects = [...document.querySelectorAll("#hour rect")].map(rect => [rect.dataset.is, Number(rect.getAttribute("width"))]), total = rects.reduce((sum, [, width]) => sum + width, 0);
              return rects.map(([state, width]) => `${state} ${Math.round(6 * width / total)}`);
            }
            """);

        Assert.Equal(["unknown 3", "closed 1", "open 2"], lane);
        await Expect(page.Locator("#unknown")).ToBeVisibleAsync();
    }

    /// <summary>Each row: when recording began, minutes ago; transitions with their minutes ago; the lane.</summary>
    [Theory]
    [InlineData("outage of 30 min with 300 failed probes", 120, "closed>open 30; open>open 1 300", "closed 30; open 30")]
    [InlineData("probe in flight", 120, "closed>open 30; open>half-open 1 300", "closed 30; open 29; half-open 1")]
    [InlineData("opening before the hour", 120, "closed>open 90; open>open 1 1000", "open 60")]
    [InlineData("started 10 min ago", 10, "closed>open 5; open>closed 2", "unknown 50; closed 5; open 3; closed 2")]
    [InlineData("half of the history is lost", 20, "closed>open 40; half-open>open 10", "unknown 20; open 40")]
    [InlineData("history begins with failed probes", 20, "open>open 5 300", "unknown 35; open 25")]
    [InlineData("circuit breaker is gone", -1, "closed>open 30; open>closed 20", "unknown 30; open 10; closed 0; unknown 20")]
    public async Task LaneShowsOnlyWhatIsKnown(string what, int recordedMinutes, string history, string expected)
    {
        await using var app = await TestApp.StartAsync();
        var page = await browser.OpenAsync(app);
        await Expect(page.Locator("#connection")).ToHaveTextAsync("live");

        var lane = await page.EvaluateAsync<string>(
            """
            ([name, recorded, history]) => {
              disconnect();
              const end = now(), ago = minutes => end - minutes * 60e3, iso = minutes => new Date(ago(minutes)).toISOString();
              const view = { id: "x", name, state: "open", mode: "auto", failureCount: 0, failMax: 3, callsPerSecond: 0, rejectionsPerSecond: 0, knownSince: ago(recorded) };
              const changes = history.split("; ").map((text, at) => {
                const [states, minutes, failedProbes] = text.split(" "), [from, to] = states.split(">");
                return { number: at + 1, first: at + 1, firstAt: iso(failedProbes ? 25 : minutes), at: iso(minutes), circuitBreakerId: "x", name, from, to, reason: "", failedProbes: Number(failedProbes ?? 0), generation: at };
              });
              applyUpdate({ now: end, uptime: 0, isFull: true, circuitBreakers: recorded < 0 ? [] : [view], removed: [], transitions: changes, before: 1, olderCount: 0 });
              return getSpans(transitions, circuitBreakers.get("x")?.view, end - hour, end).map(({ from, to, state }) => `${state} ${Math.round((to - from) / 60e3)}`).join("; ");
            }
            """,
            new object[] { what, recordedMinutes, history });

        Assert.Equal(expected, lane);
    }

    [Fact]
    public async Task FailedProbesAreOneLine()
    {
        await using var app = await TestApp.StartAsync();
        var circuitBreaker = new CircuitBreaker(new() { Name = "Probed.line", FailMax = 1, ResetTimeout = TimeSpan.FromMilliseconds(1) });
        Fail(circuitBreaker);
        for (var probe = 0; probe < 250; probe++)
        {
            await Deadline.UntilAsync(() => circuitBreaker.RetryAfter == TimeSpan.Zero, "a probe is due");
            Fail(circuitBreaker);
        }

        var page = await browser.OpenAsync(app);
        var lines = page.Locator("#changes li", new() { HasText = $"{circuitBreaker.Name}:" });
        await Expect(lines).ToHaveTextAsync([new Regex("250 failed probes since .+ \\(TimeoutException\\)$"), new Regex("closed → open, too many consecutive failures \\(TimeoutException\\)$")]);

        await Deadline.UntilAsync(() => circuitBreaker.RetryAfter == TimeSpan.Zero, "a probe is due");
        Assert.True(circuitBreaker.TryEnter(out var last));
        await Expect(lines).ToHaveTextAsync([new Regex("open → half-open, the reset timeout has passed, after 250 failed probes since"), new Regex("closed → open")]);
        last.Complete(CallOutcome.Success);
        await Expect(lines).ToHaveTextAsync([new Regex("half-open → closed, probes succeeded"), new Regex("after 250 failed probes since"), new Regex("closed → open")]);
    }

    /// <summary>Transitions that race on two threads arrive in any order; the generation is their order.</summary>
    [Fact]
    public async Task LaneOrdersTransitionsByGeneration()
    {
        await using var app = await TestApp.StartAsync();
        var page = await browser.OpenAsync(app);
        await Expect(page.Locator("#connection")).ToHaveTextAsync("live");

        var states = await page.EvaluateAsync<string[]>("""
            () => {
              const at = new Date(now() - 60000).toISOString();
              const change = (generation, from, to) => ({ number: 6 - generation, first: 6 - generation, firstAt: at, at, circuitBreakerId: "raced", name: "Raced", from, to, reason: "manual", generation });
              const view = { id: "raced", name: "Raced", state: "closed", mode: "auto", failureCount: 0, failMax: 3, callsPerSecond: 0, rejectionsPerSecond: 0, knownSince: 0 };
              applyUpdate({ now: now(), isFull: true, circuitBreakers: [view], removed: [], transitions: [change(3, "half-open", "closed"), change(2, "open", "half-open")] });
              return [...document.querySelectorAll("#hour rect")].map(rect => rect.dataset.is);
            }
            """);

        Assert.Equal(["open", "half-open", "closed"], states);
    }

    /// <summary>A screen reader hears each announcement; the next one replaces it.</summary>
    [Theory]
    [InlineData(1, "C1 is open: manual")]
    [InlineData(3, "C1 is open: manual; C2 is open: manual; C3 is open: manual")]
    [InlineData(4, "C1 is open: manual; C2 is open: manual; C3 is open: manual; and 1 more change")]
    [InlineData(9, "C1 is open: manual; C2 is open: manual; C3 is open: manual; and 6 more changes")]
    public async Task AnnouncementNamesThreeChangesAndCountsTheRest(int changes, string announced)
    {
        await using var app = await TestApp.StartAsync();
        var page = await browser.OpenAsync(app);
        await Expect(page.Locator("#connection")).ToHaveTextAsync("live");

        var announcement = await page.EvaluateAsync<string>(
            """
            changes => {
              const at = new Date(now()).toISOString();
              const change = number => ({ number, first: number, firstAt: at, at, circuitBreakerId: `none-${number}`, name: `C${number}`, from: "closed", to: "open", reason: "manual", generation: 1 });
              applyUpdate({ now: now(), isFull: false, circuitBreakers: [], removed: [], transitions: Array.from({ length: changes }, (_, at) => change(at + 1)) });
              return document.getElementById("announcement").textContent;
            }
            """,
            changes);

        Assert.Equal(announced, announcement);
    }

    /// <summary>As in the app, a flapping circuit breaker keeps 200 transitions and removes only its own.</summary>
    [Fact]
    public async Task PageKeepsTheTransitionsThatTheAppKeeps()
    {
        await using var app = await TestApp.StartAsync();
        var page = await browser.OpenAsync(app);
        await Expect(page.Locator("#connection")).ToHaveTextAsync("live");

        var kept = await page.EvaluateAsync<int[]>("""
            () => {
              const at = new Date(now()).toISOString();
              const change = (id, number) => ({ number, first: number, firstAt: at, at, circuitBreakerId: id, name: id, from: "closed", to: "open", reason: "manual", generation: number });
              applyUpdate({ now: now(), isFull: true, circuitBreakers: [], removed: [], transitions: [change("steady", 1), ...Array.from({ length: 5000 }, (_, at) => change("flapping", at + 2))] });
              applyUpdate({ now: now(), isFull: false, circuitBreakers: [], removed: [], transitions: [change("steady", 6000)] });
              const ofId = id => transitions.filter(change => change.circuitBreakerId === id);
              return [ofId("steady").length, ofId("flapping").length, ofId("flapping")[0].number];
            }
            """);

        Assert.Equal([2, 200, 4802], kept);
    }

    /// <summary>After a reconnect to the same process, charts continue after a gap.</summary>
    [Fact]
    public async Task ChartsContinueAfterReconnect()
    {
        HttpContext? viewer = null;
        await using var app = await TestApp.StartAsync(before: pipeline => pipeline.Use((context, next) =>
        {
            viewer = context.Request.Path == "/breakers/events" ? context : viewer;
            return next(context);
        }));
        var circuitBreaker = new CircuitBreaker(new() { Name = "Charted" });
        var page = await browser.OpenAsync(app);
        var (row, chart) = (Row(page, "Charted"), Row(page, "Charted").Locator("td.calls path"));
        await Expect(chart).ToHaveAttributeAsync("d", new Regex("^M[^M]+L[^M]+L[^M]+$"));

        viewer!.Abort();
        await Expect(page.Locator("#connection")).ToContainTextAsync("does not respond");
        circuitBreaker.Open();

        await Expect(row.Locator(".badge")).ToHaveTextAsync("open");
        await Expect(chart).ToHaveAttributeAsync("d", new Regex("^M[^M]+L[^M]+L[^M]+M"));
        await Expect(row).ToHaveCountAsync(1);
    }

    /// <summary>The circuit breakers of the new app have other ids, whatever their names.</summary>
    [Fact]
    public async Task PageReconnectsAfterRestartOfTheApp()
    {
        var circuitBreaker = new CircuitBreaker(new() { Name = "Survivor" });
        var app = await TestApp.StartAsync();
        var port = app.Address.Port;
        var page = await browser.OpenAsync(app);
        await Expect(page.Locator("#connection")).ToHaveTextAsync("live");
        await Row(page, "Survivor").EvaluateAsync("row => row.classList.add('of-the-previous-app')");

        await app.DisposeAsync();
        await Expect(page.Locator("#connection")).ToContainTextAsync("does not respond");
        circuitBreaker.Open();
        await using var again = await TestApp.StartAsync(port: port);

        await Expect(page.Locator("#connection")).ToHaveTextAsync("live");
        await Expect(Row(page, "Survivor").Locator(".badge")).ToHaveTextAsync("open");
        await Expect(Row(page, "Survivor")).ToHaveCountAsync(1);
        await Expect(page.Locator(".of-the-previous-app")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 390)]
    public async Task PageFitsTheScreen(ColorScheme scheme, int width)
    {
        await using var app = await TestApp.StartAsync();
        CircuitBreaker[] circuitBreakers = [.. Enumerable.Range(0, 12).Select(number => new CircuitBreaker(new() { Name = $"{scheme}{width}{number % 3}.method{number}" }))];
        circuitBreakers[1].Open();
        circuitBreakers[2].HalfOpen();
        circuitBreakers[3].SetMode(CircuitMode.Isolated);
        var page = await browser.OpenAsync(app, scheme: scheme, size: new() { Width = width, Height = 900 });
        await Expect(Row(page, circuitBreakers[0].Name)).ToBeVisibleAsync();

        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "The page must not scroll sideways.");
        var screenshots = Directory.CreateDirectory(Path.Combine(ThriftBreaker.Tests.TestRun.RepositoryRoot, "artifacts", "dashboard")).FullName;
        await page.ScreenshotAsync(new() { Path = Path.Combine(screenshots, $"{scheme}-{width}.png".ToLowerInvariant()), FullPage = true });
        GC.KeepAlive(circuitBreakers);
    }

    private static ILocator Row(IPage page, string name) => page.Locator("tbody tr", new() { Has = page.Locator("th[scope=row]", new() { HasTextRegex = new Regex($"^{Regex.Escape(name)}$") }) });

    private static async Task CallAsync(CircuitBreaker circuitBreaker, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            if (circuitBreaker.TryEnter(out var ticket))
            {
                ticket.Complete(CallOutcome.Success);
            }

            await Task.Delay(5, end).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private static void AddSessions(IServiceCollection services, bool redirectScripts)
    {
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options =>
        {
            if (redirectScripts)
            {
                options.Events.OnRedirectToLogin = static redirect =>
                {
                    redirect.Response.Redirect(redirect.RedirectUri);
                    return Task.CompletedTask;
                };
            }
        });
    }

    private static async Task SignInAsync(HttpContext context)
    {
        await context.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, TestApp.Operator)], "password")));
        context.Response.Redirect("/breakers");
    }

    private static void Fail(CircuitBreaker circuitBreaker)
    {
        Assert.True(circuitBreaker.TryEnter(out var ticket));
        ticket.Complete(CallOutcome.Failure, new TimeoutException());
    }

    private static string[] Names(params string[] names) => names;

    [GeneratedRegex("^[1-9]")]
    private static partial Regex Above0();
}
