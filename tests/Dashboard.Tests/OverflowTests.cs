using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>
/// Tests more changes than the page shows. The tests run alone, because they would remove the changes of other tests
/// from their pages.
/// </summary>
[Collection(nameof(Alone))]
public sealed class OverflowTests(Browser browser) : IClassFixture<Browser>
{
    /// <summary>The limits are 20 lanes and 200 lines.</summary>
    [Fact]
    public async Task LanesAndLinesBeyondTheLimitAreCounted()
    {
        await using var app = await TestApp.StartAsync();
        CircuitBreaker[] circuitBreakers = [.. Enumerable.Range(0, 30).Select(static number => new CircuitBreaker(new() { Name = $"Many.{number}" }))];
        var page = await browser.OpenAsync(app);
        await Expect(page.Locator("#connection")).ToHaveTextAsync("live");

        // 300 changes of 30 circuit breakers; circuit breakers of other tests add theirs.
        for (var round = 0; round < 5; round++)
        {
            foreach (var circuitBreaker in circuitBreakers)
            {
                circuitBreaker.Open();
                circuitBreaker.Close();
            }
        }

        await Expect(page.Locator("#more-lanes")).ToHaveTextAsync(new Regex("^and [1-9][0-9]+ more circuit breakers$"));
        await Expect(page.Locator("#more-changes")).ToHaveTextAsync(new Regex("^and [1-9][0-9]{2,} more changes$"));
        await Expect(page.Locator("#changes li")).ToHaveCountAsync(200);
    }

    /// <summary>The first message has the last 1,000 changes.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OlderChangesAreLoadedOnDemand(bool byFilter)
    {
        await using var app = await TestApp.StartAsync();
        CircuitBreaker[] circuitBreakers = [.. Enumerable.Range(0, 12).Select(static number => new CircuitBreaker(new() { Name = $"Old.{number}." }))];
        foreach (var circuitBreaker in circuitBreakers)
        {
            for (var round = 0; round < 50; round++)
            {
                circuitBreaker.Open();
                circuitBreaker.Close();
            }
        }

        var page = await browser.OpenAsync(app);
        var older = page.Locator("#older");
        await Expect(older).ToHaveTextAsync("Load 200 older changes");
        await Expect(page.Locator("#hour title")).ToHaveCountAsync(10);
        if (byFilter)
        {
            await page.GetByRole(AriaRole.Searchbox).FillAsync("old.0.");
        }
        else
        {
            await older.ClickAsync();
        }

        await Expect(older).ToBeHiddenAsync();
        await Expect(page.Locator("#hour title")).ToHaveCountAsync(byFilter ? 1 : 12);
        await Expect(page.Locator("#changes li")).ToHaveCountAsync(byFilter ? 100 : 200);
        circuitBreakers[0].Open();
        await Expect(page.Locator("#changes li").First).ToContainTextAsync("Old.0.: closed → open");
        await Expect(older).ToBeHiddenAsync();
        GC.KeepAlive(circuitBreakers);
    }

    /// <summary>The filter makes the history of every circuit breaker visible.</summary>
    [Fact]
    public async Task FilterAppliesToTheLastHour()
    {
        await using var app = await TestApp.StartAsync();
        CircuitBreaker[] circuitBreakers = [.. Enumerable.Range(0, 30).Select(static number => new CircuitBreaker(new() { Name = $"Filtered.{number}." }))];
        foreach (var circuitBreaker in circuitBreakers)
        {
            for (var round = 0; round < 5; round++)
            {
                circuitBreaker.Open();
                circuitBreaker.Close();
            }
        }

        circuitBreakers[3].Open();
        var page = await browser.OpenAsync(app);
        var (lanes, lines) = (page.Locator("#hour title"), page.Locator("#changes li"));
        await Expect(lanes).ToHaveCountAsync(20);

        await page.GetByRole(AriaRole.Searchbox).FillAsync("filtered.0.");
        await Expect(lanes).ToHaveTextAsync(["Filtered.0."]);
        await Expect(lines).ToHaveCountAsync(10);
        await Expect(lines.First).ToContainTextAsync("Filtered.0.: open → closed");
        await Expect(page.Locator("#more-lanes")).ToBeHiddenAsync();
        await Expect(page.Locator("#more-changes")).ToBeHiddenAsync();

        await page.GetByRole(AriaRole.Searchbox).FillAsync("filtered.");
        await Expect(lanes).ToHaveCountAsync(20);
        await Expect(page.Locator("#more-lanes")).ToHaveTextAsync("and 10 more circuit breakers");
        await Expect(lines).ToHaveCountAsync(200);
        await Expect(page.Locator("#more-changes")).ToHaveTextAsync("and 101 more changes");

        await page.Locator("#state").SelectOptionAsync("open");
        await Expect(lanes).ToHaveTextAsync(["Filtered.3."]);
        await Expect(lines).ToHaveCountAsync(11);
        circuitBreakers[3].Close();
        circuitBreakers[4].Open();
        await Expect(lanes).ToHaveTextAsync(["Filtered.4."]);
        await Expect(lines).ToHaveCountAsync(11);

        await page.GetByRole(AriaRole.Searchbox).FillAsync("no such");
        await Expect(page.Locator("#no-changes")).ToHaveTextAsync("No state changes of the circuit breakers shown.");
    }
}
