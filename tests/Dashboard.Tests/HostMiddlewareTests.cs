using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.DependencyInjection;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>
/// Tests the page in an app that caches every response, limits the time of every request, and admits one request at a
/// time.
/// </summary>
public sealed class HostMiddlewareTests
{
    private static readonly Uri Page = new("/breakers", UriKind.Relative);
    private static readonly Uri Api = new("/breakers/api", UriKind.Relative);
    private static readonly Uri Events = new("/breakers/events", UriKind.Relative);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Two viewers with the same nonce could not trust it, and the second one would get no events.</summary>
    [Fact]
    public async Task OutputCacheKeepsNothingOfThePage()
    {
        await using var app = await StartAsync();
        var client = app.Client();

        var (first, second) = (await client.GetStringAsync(Page, Token), await client.GetStringAsync(Page, Token));
        var before = await client.GetStringAsync(Api, Token);
        var circuitBreaker = new CircuitBreaker(new() { Name = "created after the first request" });
        var after = await client.GetStringAsync(Api, Token);

        Assert.NotEqual(first, second);
        Assert.DoesNotContain(circuitBreaker.Name, before, StringComparison.Ordinal);
        Assert.Contains(circuitBreaker.Name, after, StringComparison.Ordinal);
        for (var viewer = 0; viewer < 2; viewer++)
        {
            using var events = new StreamReader(await client.GetStreamAsync(Events, Token));
            Assert.StartsWith("data: {", await events.ReadLineAsync(Token).AsTask().WaitAsync(Deadline.Short, Token), StringComparison.Ordinal);
        }

        GC.KeepAlive(circuitBreaker);
    }

    /// <summary>Snapshots are a quarter of a second apart, so five of them last ten times the app's time limit.</summary>
    [Fact]
    public async Task RequestTimeoutDoesNotEndTheStream()
    {
        await using var app = await StartAsync();
        var circuitBreaker = new CircuitBreaker(new() { Name = "changing" });
        using var events = new StreamReader(await app.Client().GetStreamAsync(Events, Token));

        for (var update = 0; update < 5; update++)
        {
            circuitBreaker.Open();
            circuitBreaker.Close();
            string? line;
            do
            {
                line = await events.ReadLineAsync(Token).AsTask().WaitAsync(Deadline.Short, Token);
            }
            while (line?.StartsWith("data: ", StringComparison.Ordinal) == false);

            Assert.NotNull(line);
        }
    }

    [Fact]
    public async Task RateLimiterDoesNotCountViewers()
    {
        await using var app = await StartAsync();
        using var first = await app.Client().GetAsync(Events, HttpCompletionOption.ResponseHeadersRead, Token);
        using var second = await app.Client().GetAsync(Events, HttpCompletionOption.ResponseHeadersRead, Token);
        using var page = await app.Client().GetAsync(Page, Token);
        using var other = await app.Client().GetAsync(new Uri("/other", UriKind.Relative), Token);

        Assert.All([first, second, page, other], static answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }

    /// <summary>The other tests prove something only if the middleware applies to other endpoints.</summary>
    [Fact]
    public async Task OtherEndpointIsCachedAndLimited()
    {
        await using var app = await StartAsync();
        var other = new Uri("/other", UriKind.Relative);
        Assert.Equal(await app.Client().GetStringAsync(other, Token), await app.Client().GetStringAsync(other, Token));

        using var slow = await app.Client().GetAsync(new Uri("/slow", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.GatewayTimeout, slow.StatusCode);

        using var held = await app.Client().GetAsync(new Uri("/held", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Token);
        using var refused = await app.Client().GetAsync(new Uri("/slow", UriKind.Relative), Token);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (held.StatusCode, refused.StatusCode));
    }

    private static Task<TestApp> StartAsync()
        => TestApp.StartAsync(
            services: static services =>
            {
                services.AddOutputCache(static options => options.AddBasePolicy(static policy => policy.Cache()));
                services.AddRequestTimeouts(static options => options.DefaultPolicy = new RequestTimeoutPolicy { Timeout = TimeSpan.FromMilliseconds(100) });
                services.AddRateLimiter(static options => options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(static _
                    => RateLimitPartition.GetConcurrencyLimiter("", static _ => new ConcurrencyLimiterOptions { PermitLimit = 1 })));
            },
            before: static pipeline =>
            {
                pipeline.UseRateLimiter();
                pipeline.UseRequestTimeouts();
                pipeline.UseOutputCache();
            },
            map: static endpoints =>
            {
                endpoints.MapGet("/other", static () => Guid.NewGuid().ToString());
                endpoints.MapGet("/slow", static (CancellationToken end) => Task.Delay(Timeout.Infinite, end));
                endpoints.MapGet("/held", static async (HttpContext context) =>
                {
                    await context.Response.StartAsync(context.RequestAborted);
                    await Task.Delay(Timeout.Infinite, context.RequestAborted);
                }).DisableRequestTimeout();
            });
}
