using Microsoft.Playwright;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>Chromium, as the system has it, without a window. One for all tests.</summary>
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

    /// <summary>A tab of its own with the page of this app; the test is skipped where there is no browser.</summary>
    internal Task<IPage> OpenAsync(TestApp app, string? user = null, ColorScheme scheme = ColorScheme.Light, ViewportSize? size = null)
        => OpenAsync(app.Page, user, scheme, size);

    /// <summary>A tab of its own with this page.</summary>
    internal async Task<IPage> OpenAsync(Uri address, string? user = null, ColorScheme scheme = ColorScheme.Light, ViewportSize? size = null)
    {
        Assert.SkipWhen(_browser is null, "There is no Chromium here: apt-get install chromium.");
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
