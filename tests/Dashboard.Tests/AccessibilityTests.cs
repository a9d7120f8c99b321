using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>Tests the page with axe, with every state, mode and message on it.</summary>
public sealed class AccessibilityTests(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task PageHasNoViolations(ColorScheme scheme, int width)
    {
        await using var app = await TestApp.StartAsync(operations: true);
        CircuitBreaker[] circuitBreakers =
        [
            .. Enumerable.Range(0, 6).Select(number => new CircuitBreaker(new() { Name = $"A{scheme}{width}.method{number}", ResetTimeout = TimeSpan.FromHours(1) })),
        ];
        Fail(circuitBreakers[0]);
        circuitBreakers[1].Open();
        circuitBreakers[2].HalfOpen();
        circuitBreakers[3].SetMode(CircuitMode.Isolated);
        circuitBreakers[4].SetMode(CircuitMode.ReportOnly);
        circuitBreakers[5].SetMode(CircuitMode.Disabled);
        var page = await browser.OpenAsync(app, TestApp.Reader, scheme, new() { Width = width, Height = 900 });
        var rows = page.Locator("tbody tr:not(.heading)");
        await page.GetByRole(AriaRole.Searchbox).FillAsync($"A{scheme}{width}");
        await Expect(rows).ToHaveCountAsync(circuitBreakers.Length);

        // The refusal shows an error and leaves the menu open.
        await rows.Nth(0).Locator("summary").ClickAsync();
        await rows.Nth(0).GetByRole(AriaRole.Button, new() { Name = $"open {circuitBreakers[0].Name}", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).Not.ToBeEmptyAsync();
        await Expect(page.Locator("details[open]")).ToHaveCountAsync(1);
        await AssertNoViolationsAsync(page);
        GC.KeepAlive(circuitBreakers);
    }

    /// <summary>A screen reader reads the labels without their rows.</summary>
    [Fact]
    public async Task ControlLabelsContainTheCircuitBreakerName()
    {
        await using var app = await TestApp.StartAsync(operations: true);
        var circuitBreaker = new CircuitBreaker(new() { Name = "Labelled" });
        var page = await browser.OpenAsync(app, TestApp.Operator);
        var row = page.Locator("tbody tr", new() { HasText = circuitBreaker.Name });

        await Expect(row.Locator("summary")).ToHaveAccessibleNameAsync("control Labelled");
        await row.Locator("summary").ClickAsync();
        await Expect(row.GetByRole(AriaRole.Button)).ToHaveCountAsync(6);
        foreach (var operation in new[] { "open", "close", "half-open", "isolate", "report-only", "resume" })
        {
            await Expect(row.GetByRole(AriaRole.Button, new() { Name = $"{operation} Labelled", Exact = true })).ToBeVisibleAsync();
        }
    }

    /// <summary>The block layout of narrow screens removes the implicit roles of a table.</summary>
    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task TableHasItsRolesInEveryLayout(int width)
    {
        await using var app = await TestApp.StartAsync(operations: true);
        var circuitBreaker = new CircuitBreaker(new() { Name = $"Laid.out{width}" });
        var page = await browser.OpenAsync(app, TestApp.Reader, size: new() { Width = width, Height = 900 });
        await page.GetByRole(AriaRole.Searchbox).FillAsync(circuitBreaker.Name);
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(2);

        await Expect(page.Locator("#circuit-breakers[role=table]")).ToHaveCountAsync(1);
        await Expect(page.Locator("#circuit-breakers :is(thead, tbody, tr, th, td):not([role])")).ToHaveCountAsync(0);
        await Expect(page.Locator("[role=table] > [role=rowgroup] > [role=row] > [role=columnheader]")).ToHaveCountAsync(8);
        await Expect(page.Locator("[role=table] > [role=rowgroup] > [role=row] > [role=rowheader]")).ToHaveCountAsync(2);
        await Expect(page.Locator("[role=row] > [role=cell]")).ToHaveCountAsync(7);

        // An empty cell is still a cell: without it, the following cells would be in other columns.
        Assert.Equal(0, await page.EvaluateAsync<int>("[...document.querySelectorAll('[role=cell]')].filter(cell => getComputedStyle(cell).display === 'none').length"));
        GC.KeepAlive(circuitBreaker);
    }

    [Fact]
    public async Task EmptyPageHasNoViolations()
    {
        await using var app = await TestApp.StartAsync();
        var page = await browser.OpenAsync(app);
        await page.GetByRole(AriaRole.Searchbox).FillAsync("no such");
        await Expect(page.Locator("#none")).ToBeVisibleAsync();

        await AssertNoViolationsAsync(page);
    }

    private static void Fail(CircuitBreaker circuitBreaker)
    {
        Assert.True(circuitBreaker.TryEnter(out var ticket));
        ticket.Complete(CallOutcome.Failure, new TimeoutException());
    }

    /// <summary>Waits for colour transitions first, because axe checks the contrast of the current colours.</summary>
    private static async Task AssertNoViolationsAsync(IPage page)
    {
        await page.EvaluateAsync("Promise.all(document.getAnimations().map(each => each.finished))");
        var found = await page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });

        Assert.NotEmpty(found.Passes);
        Assert.True(found.Violations.Length == 0, string.Join("\n\n", found.Violations.Select(Describe)));
    }

    private static string Describe(AxeResultItem violation)
        => $"{violation.Impact}: {violation.Id}: {violation.Help}\n{string.Join('\n', violation.Nodes.Select(static node => $"  {node.Html}\n    {string.Join(' ', node.Any.Concat(node.All).Concat(node.None).Select(static check => check.Message))}"))}";
}
