using Microsoft.Playwright;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>Runs the Chromium of the system without a window. The tests of a class share it.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string? Executable = new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Executable is not null)
        {
            Assertions.SetDefaultExpectTimeout((float)Deadline.Short.TotalMilliseconds);
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Executable, Args = ["--no-sandbox"] });
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>
    /// Opens the page of the app in a new browser context. The test is skipped if Chromium is not installed.
    /// </summary>
    internal Task<IPage> OpenAsync(TestApp app, string? user = null, ColorScheme scheme = ColorScheme.Light, ViewportSize? size = null)
        => OpenAsync(app.Page, user, scheme, size);

    /// <summary>Opens the page in a new browser context. The test is skipped if Chromium is not installed.</summary>
    internal async Task<IPage> OpenAsync(Uri address, string? user = null, ColorScheme scheme = ColorScheme.Light, ViewportSize? size = null)
    {
        Assert.SkipWhen(_browser is null, "Chromium is not installed: apt-get install chromium.");
        var context = await _browser!.NewContextAsync(new() { ColorScheme = scheme, ViewportSize = size ?? new() { Width = 1280, Height = 900 } });
        context.SetDefaultTimeout((float)Deadline.Short.TotalMilliseconds);
        if (user is not null)
        {
            await context.AddCookiesAsync([new() { Name = "user", Value = user, Url = address.ToString() }]);
        }

        var page = await context.NewPageAsync();
        await page.GotoAsync(address.ToString());
        return page;
    }
}
