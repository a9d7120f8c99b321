using System.Diagnostics;
using System.Net;
using System.Text.Json;
using ThriftBreaker.Package.Tests.Harness;

namespace ThriftBreaker.Package.Tests;

/// <summary>
/// A web application with all companion packages: clients from dependency injection, service discovery, retries by
/// Polly, and the dashboard.
/// </summary>
public sealed class AppTests(PackedPackage package)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("net8.0", "latest", "enable")]
    [InlineData("net10.0", "14.0", "enable")]
    public async Task AppCallsItsServerAndShowsItsCircuitBreakers(string framework, string language, string nullable)
    {
        var app = new Consumer(package, "App", new Settings(framework, language, nullable));
        await app.BuildAsync();
        using var program = DotNet.Start(app.Built(framework, "App.dll"));
        await AssertRespondsAsync(program);
    }

    [Fact]
    public async Task NativeAppBehavesTheSame()
    {
        Assert.SkipUnless(HasLinker(), "gcc, which links native code, is not installed (Debian: apt-get install gcc libc6-dev).");
        var app = new Consumer(package, "App", new Settings("net10.0", "latest", "enable"));
        using var program = DotNet.StartNative(await app.PublishAsync("net10.0"), "App");
        await AssertRespondsAsync(program);
    }

    private static async Task AssertRespondsAsync(DotNet program)
    {
        using var browser = new HttpClient { BaseAddress = new Uri(await program.SaysAsync("listening ")), Timeout = TimeSpan.FromSeconds(20) };

        Assert.Equal("answered True", await browser.GetStringAsync(new Uri("/", UriKind.Relative), Token));
        Assert.Equal("Healthy", await browser.GetStringAsync(new Uri("/health", UriKind.Relative), Token));
        Assert.Contains("<title>Circuit breakers</title>", await browser.GetStringAsync(new Uri("/breakers", UriKind.Relative), Token), StringComparison.Ordinal);
        using var api = JsonDocument.Parse(await browser.GetStringAsync(new Uri("/breakers/api", UriKind.Relative), Token));
        var circuits = api.RootElement.GetProperty("circuitBreakers").EnumerateArray().ToArray();
        Assert.Equal(
            [("MyService", 7, "closed"), ("MyService endpoint", 6, "closed")],
            circuits.Select(static circuit => (circuit.GetProperty("name").GetString()!.Split(" 127.0.0.1:")[0], circuit.GetProperty("failMax").GetInt32(), circuit.GetProperty("state").GetString()!)));

        using var problem = await browser.GetAsync(new Uri("/breakers/nothing", UriKind.Relative), Token);
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (problem.StatusCode, problem.Content.Headers.ContentType?.MediaType));

        await program.SucceedsAsync();
    }

    private static bool HasLinker()
    {
        try
        {
            using var gcc = Process.Start(new ProcessStartInfo("gcc", "--version") { RedirectStandardOutput = true })!;
            gcc.WaitForExit();
            return gcc.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
