using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>What axe finds on the page, with everything on it that there can be.</summary>
public sealed class AccessibilityTests(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task NothingOnThePageIsInAnybodysWay(ColorScheme scheme, int width)
    {
        await using var app = await TestApp.StartAsync(operations: true);
        CircuitBreaker[] circuits =
        [
            .. Enumerable.Range(0, 6).Select(number => new CircuitBreaker(new() { Name = $"A{scheme}{width}.method{number}", ResetTimeout = TimeSpan.FromHours(1) })),
        ];
        Fail(circuits[0]);
        circuits[1].Open();
        circuits[2].HalfOpen();
        circuits[3].SetMode(CircuitMode.Isolated);
        circuits[4].SetMode(CircuitMode.ReportOnly);
        circuits[5].SetMode(CircuitMode.Disabled);
        var page = await browser.OpenAsync(app, TestApp.Reader, scheme, new() { Width = width, Height = 900 });
        var rows = page.Locator("tbody tr:not(.heading)");
        await page.GetByRole(AriaRole.Searchbox).FillAsync($"A{scheme}{width}");
        await Expect(rows).ToHaveCountAsync(circuits.Length);

        // A refusal to read, and a menu that is open.
        await rows.Nth(0).Locator("summary").ClickAsync();
        await rows.Nth(0).GetByRole(AriaRole.Button, new() { Name = $"open {circuits[0].Name}", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).Not.ToBeEmptyAsync();
        await Expect(page.Locator("details[open]")).ToHaveCountAsync(1);
        await FindsNothingAsync(page);
        GC.KeepAlive(circuits);
    }

    /// <summary>Twenty that are called "steer" are of no use to who hears them one after the other.</summary>
    [Fact]
    public async Task WhatSteersACircuitSaysWhich()
    {
        await using var app = await TestApp.StartAsync(operations: true);
        var circuit = new CircuitBreaker(new() { Name = "Heard" });
        var page = await browser.OpenAsync(app, TestApp.Operator);
        var row = page.Locator("tbody tr", new() { HasText = circuit.Name });

        await Expect(row.Locator("summary")).ToHaveAccessibleNameAsync("steer Heard");
        await row.Locator("summary").ClickAsync();
        await Expect(row.GetByRole(AriaRole.Button)).ToHaveCountAsync(6);
        foreach (var operation in new[] { "open", "close", "half-open", "isolate", "shadow", "resume" })
        {
            await Expect(row.GetByRole(AriaRole.Button, new() { Name = $"{operation} Heard", Exact = true })).ToBeVisibleAsync();
        }
    }

    /// <summary>On a phone it is laid out as blocks, which takes a table's meaning from it where that is not said.</summary>
    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task ATableStaysOneHoweverItIsLaidOut(int width)
    {
        await using var app = await TestApp.StartAsync(operations: true);
        var circuit = new CircuitBreaker(new() { Name = $"Laid.out{width}" });
        var page = await browser.OpenAsync(app, TestApp.Reader, size: new() { Width = width, Height = 900 });
        await page.GetByRole(AriaRole.Searchbox).FillAsync(circuit.Name);
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(2);

        await Expect(page.Locator("#circuits[role=table]")).ToHaveCountAsync(1);
        await Expect(page.Locator("#circuits :is(thead, tbody, tr, th, td):not([role])")).ToHaveCountAsync(0);
        await Expect(page.Locator("[role=table] > [role=rowgroup] > [role=row] > [role=columnheader]")).ToHaveCountAsync(8);
        await Expect(page.Locator("[role=table] > [role=rowgroup] > [role=row] > [role=rowheader]")).ToHaveCountAsync(2);
        await Expect(page.Locator("[role=row] > [role=cell]")).ToHaveCountAsync(7);

        // One that is empty is still a cell: without it, what follows would stand in another column.
        Assert.Equal(0, await page.EvaluateAsync<int>("[...document.querySelectorAll('[role=cell]')].filter(cell => getComputedStyle(cell).display === 'none').length"));
        GC.KeepAlive(circuit);
    }

    [Fact]
    public async Task NeitherIsAPageWithoutCircuits()
    {
        await using var app = await TestApp.StartAsync();
        var page = await browser.OpenAsync(app);
        await page.GetByRole(AriaRole.Searchbox).FillAsync("no such");
        await Expect(page.Locator("#none")).ToBeVisibleAsync();

        await FindsNothingAsync(page);
    }

    private static void Fail(CircuitBreaker circuit)
    {
        Assert.True(circuit.TryEnter(out var ticket));
        ticket.Complete(CallOutcome.Failure, new TimeoutException());
    }

    /// <summary>Colours fade into each other; what is judged is where they end.</summary>
    private static async Task FindsNothingAsync(IPage page)
    {
        await page.EvaluateAsync("Promise.all(document.getAnimations().map(each => each.finished))");
        var found = await page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });

        Assert.NotEmpty(found.Passes);
        Assert.True(found.Violations.Length == 0, string.Join("\n\n", found.Violations.Select(Describe)));
    }

    private static string Describe(AxeResultItem violation)
        => $"{violation.Impact}: {violation.Id}: {violation.Help}\n{string.Join('\n', violation.Nodes.Select(static node => $"  {node.Html}\n    {string.Join(' ', node.Any.Concat(node.All).Concat(node.None).Select(static check => check.Message))}"))}";
}
