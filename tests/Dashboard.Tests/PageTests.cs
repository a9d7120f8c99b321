using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>The page in a browser.</summary>
public sealed partial class PageTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task ItShowsACircuitThatOpensProbesAndCloses()
    {
        await using var app = await TestApp.StartAsync();
        var circuit = new CircuitBreaker(new() { Name = "Orders.submit", FailMax = 2, ResetTimeout = TimeSpan.FromSeconds(1) });
        var page = await browser.OpenAsync(app);
        var row = Row(page, "Orders.submit");
        await Expect(row).ToContainTextAsync("closed");
        await Expect(row).ToContainTextAsync("0 of 2");

        Fail(circuit);
        Fail(circuit);
        await Expect(row.Locator(".badge")).ToHaveTextAsync("open");
        await Expect(row).ToContainTextAsync("2 of 2");
        await Expect(row).ToContainTextAsync("TimeoutException");

        await Deadline.UntilAsync(() => circuit.RetryAfter == TimeSpan.Zero, "a probe is due");
        Assert.True(circuit.TryEnter(out var probe));
        await Expect(row.Locator(".badge")).ToHaveTextAsync("half-open");

        probe.Complete(CallOutcome.Success);
        await Expect(row.Locator(".badge")).ToHaveTextAsync("closed");
        await Expect(page.Locator("#changes li").First).ToContainTextAsync("Orders.submit: half-open → closed, probes succeeded");
        await Expect(page.Locator("#changes")).ToContainTextAsync("Orders.submit: closed → open, too many failures in a row (TimeoutException)");
        await Expect(page.Locator("#hour")).ToContainTextAsync("Orders.submit");
    }

    [Fact]
    public async Task ItCountsCallsAndRejectionsWhileSomebodyLooks()
    {
        await using var app = await TestApp.StartAsync();
        var circuit = new CircuitBreaker(new() { Name = "Counted" });
        var page = await browser.OpenAsync(app);
        var row = Row(page, "Counted");
        await Expect(row).ToBeVisibleAsync();

        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var calls = CallAsync(circuit, end.Token);

        await Expect(row.Locator("td.calls span")).ToHaveTextAsync(Above0());
        circuit.Isolate();
        await Expect(row.Locator("td.rejections span")).ToHaveTextAsync(Above0());
        await Expect(row.Locator("td.calls span")).ToHaveTextAsync("0");
        await Expect(row.Locator(".badge")).ToHaveTextAsync("isolated (closed)");
        await end.CancelAsync();
        await calls;
    }

    [Fact]
    public async Task ANameThatIsMarkupStaysText()
    {
        await using var app = await TestApp.StartAsync();
        var circuit = new CircuitBreaker(new() { Name = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">" });
        var page = await browser.OpenAsync(app);

        await Expect(Row(page, circuit.Name)).ToBeVisibleAsync();
        circuit.Open();
        await Expect(page.Locator("#changes")).ToContainTextAsync("<script>");

        Assert.Equal("Circuits", await page.TitleAsync());
        Assert.Equal(0, await page.Locator("img").CountAsync());
    }

    [Fact]
    public async Task ItFiltersSortsAndGroups()
    {
        await using var app = await TestApp.StartAsync();
        CircuitBreaker[] circuits = [.. Names("Stock.get", "Stock.put", "Billing").Select(static name => new CircuitBreaker(new() { Name = $"Z{name}" }))];
        circuits[1].Open();
        var page = await browser.OpenAsync(app);

        await page.GetByRole(AriaRole.Searchbox).FillAsync("zs");
        await Expect(page.Locator("tbody th[scope=row]")).ToHaveTextAsync(Names("ZStock.get", "ZStock.put"));
        await Expect(page.Locator("tr.heading")).ToHaveTextAsync("ZStock — 2 circuits");
        await page.Locator("#order").SelectOptionAsync("state");
        await Expect(page.Locator("tbody th[scope=row]")).ToHaveTextAsync(Names("ZStock.put", "ZStock.get"));
        await page.Locator("#state").SelectOptionAsync("trouble");
        await Expect(page.Locator("tbody th[scope=row]")).ToHaveTextAsync(Names("ZStock.put"));
        await page.GetByLabel("by service").UncheckAsync();
        await Expect(page.Locator("tr.heading")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Searchbox).FillAsync("no such");
        await Expect(page.Locator("#none")).ToBeVisibleAsync();
        GC.KeepAlive(circuits);
    }

    [Fact]
    public async Task AnOperatorSteersFromThePageWithTheKeyboard()
    {
        await using var app = await TestApp.StartAsync(operations: true);
        var circuit = new CircuitBreaker(new() { Name = "Steered" });
        var page = await browser.OpenAsync(app, TestApp.Operator);
        var row = Row(page, "Steered");

        await row.Locator("summary").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(row.Locator(".badge")).ToHaveTextAsync("open");
        await Expect(page.Locator("#changes li").First).ToContainTextAsync("Steered: closed → open, by hand");
        Assert.Equal(CircuitState.Open, circuit.State);
    }

    [Theory]
    [InlineData(null, "sign in first.")]
    [InlineData(TestApp.Reader, "you are not allowed to.")]
    public async Task WhoMayNotIsTold(string? user, string said)
    {
        await using var app = await TestApp.StartAsync(operations: true);
        var circuit = new CircuitBreaker(new() { Name = $"Kept from {user}." });
        var page = await browser.OpenAsync(app, user);
        var row = Row(page, circuit.Name);

        await row.Locator("summary").ClickAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = "open", Exact = true }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync($"open {circuit.Name}: {said}");
        Assert.Equal(CircuitState.Closed, circuit.State);
    }

    [Fact]
    public async Task WithoutOperationsThereIsNothingToSteerWith()
    {
        await using var app = await TestApp.StartAsync();
        var circuit = new CircuitBreaker(new() { Name = "Shown" });
        var page = await browser.OpenAsync(app);

        await Expect(Row(page, "Shown")).ToBeVisibleAsync();
        await Expect(page.Locator("summary")).ToHaveCountAsync(0);
        GC.KeepAlive(circuit);
    }

    [Fact]
    public async Task ItComesBackWhenTheAppDoes()
    {
        var circuit = new CircuitBreaker(new() { Name = "Survivor" });
        var app = await TestApp.StartAsync();
        var port = app.Address.Port;
        var page = await browser.OpenAsync(app);
        await Expect(page.Locator("#connection")).ToHaveTextAsync("live");

        await app.DisposeAsync();
        await Expect(page.Locator("#connection")).ToContainTextAsync("does not answer");
        circuit.Open();
        await using var again = await TestApp.StartAsync(port: port);

        await Expect(page.Locator("#connection")).ToHaveTextAsync("live");
        await Expect(Row(page, "Survivor").Locator(".badge")).ToHaveTextAsync("open");
        await Expect(Row(page, "Survivor")).ToHaveCountAsync(1);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 390)]
    public async Task ItFitsTheScreen(ColorScheme scheme, int width)
    {
        await using var app = await TestApp.StartAsync();
        CircuitBreaker[] circuits = [.. Enumerable.Range(0, 12).Select(number => new CircuitBreaker(new() { Name = $"{scheme}{width}{number % 3}.method{number}" }))];
        circuits[1].Open();
        circuits[2].HalfOpen();
        circuits[3].Isolate();
        var page = await browser.OpenAsync(app, scheme: scheme, size: new() { Width = width, Height = 900 });
        await Expect(Row(page, circuits[0].Name)).ToBeVisibleAsync();

        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "The page must not scroll sideways.");
        var pictures = Directory.CreateDirectory(Path.Combine(ThriftBreaker.Tests.TestRun.RepositoryRoot, "artifacts", "dashboard")).FullName;
        await page.ScreenshotAsync(new() { Path = Path.Combine(pictures, $"{scheme}-{width}.png".ToLowerInvariant()), FullPage = true });
        GC.KeepAlive(circuits);
    }

    private static ILocator Row(IPage page, string name) => page.Locator("tbody tr", new() { Has = page.Locator("th[scope=row]", new() { HasTextRegex = new Regex($"^{Regex.Escape(name)}$") }) });

    private static async Task CallAsync(CircuitBreaker circuit, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            if (circuit.TryEnter(out var ticket))
            {
                ticket.Complete(CallOutcome.Success);
            }

            await Task.Delay(5, end).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private static void Fail(CircuitBreaker circuit)
    {
        Assert.True(circuit.TryEnter(out var ticket));
        ticket.Complete(CallOutcome.Failure, new TimeoutException());
    }

    private static string[] Names(params string[] names) => names;

    [GeneratedRegex("^[1-9]")]
    private static partial Regex Above0();
}
