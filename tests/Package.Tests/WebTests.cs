using ThriftBreaker.Package.Tests.Harness;

namespace ThriftBreaker.Package.Tests;

/// <summary>
/// A web application that uses a library with clients for a service of a third assembly. The library brings the
/// package.
/// </summary>
public sealed class WebTests(PackedPackage package)
{
    [Theory]
    [InlineData("net8.0", "13.0", "disable")]
    [InlineData("net10.0", "latest", "enable")]
    public async Task AppRespondsThroughTheClientsOfALibrary(string framework, string language, string nullable)
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

        // The generator runs for the web application too, and generates nothing.
        Assert.Equal(2, web.Generated("Library", framework).Length);
        Assert.Empty(web.Generated("Web", framework));
    }
}
