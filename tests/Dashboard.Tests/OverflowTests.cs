using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>More than the page shows. Alone: so many changes would push those of other tests off their pages.</summary>
[Collection(nameof(Alone))]
public sealed class OverflowTests(Browser browser) : IClassFixture<Browser>
{
    /// <summary>Twenty circuits have a lane, two hundred changes a line.</summary>
    [Fact]
    public async Task WhatItDoesNotShowItCounts()
    {
        await using var app = await TestApp.StartAsync();
        CircuitBreaker[] circuits = [.. Enumerable.Range(0, 30).Select(static number => new CircuitBreaker(new() { Name = $"Many.{number}" }))];
        var page = await browser.OpenAsync(app);
        await Expect(page.Locator("#connection")).ToHaveTextAsync("live");

        // 300 changes of 30 circuits, beside those that other tests make.
        for (var round = 0; round < 5; round++)
        {
            foreach (var circuit in circuits)
            {
                circuit.Open();
                circuit.Close();
            }
        }

        await Expect(page.Locator("#more-lanes")).ToHaveTextAsync(new Regex("^and [1-9][0-9]+ more circuits$"));
        await Expect(page.Locator("#more-changes")).ToHaveTextAsync(new Regex("^and [1-9][0-9]{2,} more changes$"));
        await Expect(page.Locator("#changes li")).ToHaveCountAsync(200);
    }

    /// <summary>So the hour of each of them can be seen, however many there are.</summary>
    [Fact]
    public async Task TheLastHourIsThatOfTheCircuitsThatAreChosen()
    {
        await using var app = await TestApp.StartAsync();
        CircuitBreaker[] circuits = [.. Enumerable.Range(0, 30).Select(static number => new CircuitBreaker(new() { Name = $"Sought.{number}." }))];
        foreach (var circuit in circuits)
        {
            for (var round = 0; round < 5; round++)
            {
                circuit.Open();
                circuit.Close();
            }
        }

        circuits[3].Open();
        var page = await browser.OpenAsync(app);
        var (lanes, lines) = (page.Locator("#hour title"), page.Locator("#changes li"));
        await Expect(lanes).ToHaveCountAsync(20);

        await page.GetByRole(AriaRole.Searchbox).FillAsync("sought.0.");
        await Expect(lanes).ToHaveTextAsync(["Sought.0."]);
        await Expect(lines).ToHaveCountAsync(10);
        await Expect(lines.First).ToContainTextAsync("Sought.0.: open → closed");
        await Expect(page.Locator("#more-lanes")).ToBeHiddenAsync();
        await Expect(page.Locator("#more-changes")).ToBeHiddenAsync();

        await page.GetByRole(AriaRole.Searchbox).FillAsync("sought.");
        await Expect(lanes).ToHaveCountAsync(20);
        await Expect(page.Locator("#more-lanes")).ToHaveTextAsync("and 10 more circuits");
        await Expect(lines).ToHaveCountAsync(200);
        await Expect(page.Locator("#more-changes")).ToHaveTextAsync("and 101 more changes");

        await page.Locator("#state").SelectOptionAsync("open");
        await Expect(lanes).ToHaveTextAsync(["Sought.3."]);
        await Expect(lines).ToHaveCountAsync(11);
        circuits[3].Close();
        circuits[4].Open();
        await Expect(lanes).ToHaveTextAsync(["Sought.4."]);
        await Expect(lines).ToHaveCountAsync(11);

        await page.GetByRole(AriaRole.Searchbox).FillAsync("no such");
        await Expect(page.Locator("#quiet")).ToHaveTextAsync("No circuit that is shown has changed its state.");
    }
}
