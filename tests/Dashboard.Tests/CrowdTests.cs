using System.Text.RegularExpressions;
using static Microsoft.Playwright.Assertions;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>More than the page shows. Alone: so many changes would push those of other tests off their pages.</summary>
[Collection(nameof(Alone))]
public sealed class CrowdTests(Browser browser) : IClassFixture<Browser>
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
}
