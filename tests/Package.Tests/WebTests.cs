using ThriftBreaker.Package.Tests.Harness;

namespace ThriftBreaker.Package.Tests;

/// <summary>A web application over a library that marks a service of a third assembly; the package comes with the library.</summary>
public sealed class WebTests(PackedPackage package)
{
    [Theory]
    [InlineData("net8.0", "13.0", "disable")]
    [InlineData("net10.0", "latest", "enable")]
    public async Task ItAnswersByTheGuardedClientsOfALibrary(string framework, string language, string nullable)
    {
        var web = new Consumer(package, "Web", new Settings(framework, language, nullable));
        await web.BuildAsync();
        using var program = DotNet.Start(web.Built(framework, "Web.dll"));
        using var browser = new HttpClient { BaseAddress = new Uri(await program.SaysAsync("listening ")), Timeout = TimeSpan.FromSeconds(20) };

        foreach (var client in new[] { "/greeter", "/my-service" })
        {
            Assert.Equal("answered True, circuit Closed", await browser.GetStringAsync(new Uri(client, UriKind.Relative), TestContext.Current.CancellationToken));
        }

        await program.SucceedsAsync();

        // The generator came to the web application as well, and found nothing to do.
        Assert.Equal(2, web.Generated("Library", framework).Length);
        Assert.Empty(web.Generated("Web", framework));
    }
}
