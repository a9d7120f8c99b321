using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>Tests the JSON API of the page and the authorization of operations.</summary>
public sealed class ApiTests
{
    private static readonly Uri Api = new("/breakers/api", UriKind.Relative);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ApiReturnsCircuitBreakersAndTransitions()
    {
        await using var app = await TestApp.StartAsync();
        var circuitBreaker = new CircuitBreaker(new() { Name = "api", FailMax = 1, ResetTimeout = TimeSpan.FromHours(1) });
        Assert.True(circuitBreaker.TryEnter(out var ticket));
        ticket.Complete(CallOutcome.Failure, new TimeoutException("a secret of the service"));

        var answer = await app.Client().GetStringAsync(Api, Token);

        using var json = JsonDocument.Parse(answer);
        var view = FindCircuitBreaker(json, "api");
        Assert.Equal(("open", "auto", 1, 1), (view.GetProperty("state").GetString(), view.GetProperty("mode").GetString(), view.GetProperty("failureCount").GetInt32(), view.GetProperty("failMax").GetInt32()));
        Assert.Equal("TimeoutException", view.GetProperty("lastFailure").GetString());
        var left = view.GetProperty("nextProbeAt").GetInt64() - json.RootElement.GetProperty("now").GetInt64();
        Assert.InRange(left, 1, 3_600_000);
        var transition = json.RootElement.GetProperty("transitions").EnumerateArray().Single(static each => each.GetProperty("name").GetString() == "api");
        Assert.Equal(
            ("closed", "open", "too many consecutive failures", "TimeoutException"),
            (transition.GetProperty("from").GetString(), transition.GetProperty("to").GetString(), transition.GetProperty("reason").GetString(), transition.GetProperty("failure").GetString()));
        Assert.DoesNotContain("secret", answer, StringComparison.Ordinal);
        GC.KeepAlive(circuitBreaker);
    }

    [Fact]
    public async Task OperationsAreDisabledByDefault()
    {
        await using var app = await TestApp.StartAsync();

        await AssertRefusedAsync(await PostAsync(app, TestApp.Operator, "1", "open"), HttpStatusCode.Forbidden, "Operations are off");

        Assert.Equal(
            ["Warning: The manual operation 'open' of ada (cookie) at 127.0.0.1 on the circuit breaker '1' was refused with status 403: Operations are off: the app enables them with MapThriftBreakers(…, options => options.Operations = true)."],
            app.Refusals);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData(TestApp.Reader, HttpStatusCode.Forbidden)]
    public async Task OperationOfUserOutsidePolicyIsRefused(string? user, HttpStatusCode status)
    {
        await using var app = await TestApp.StartAsync(operations: true);
        var circuitBreaker = new CircuitBreaker(new() { Name = $"kept from {user}" });

        await AssertRefusedAsync(await PostAsync(app, user, await GetIdAsync(app, circuitBreaker.Name), "open"), status, user is null ? "Sign in first" : "You are not authorized");

        Assert.Equal(CircuitState.Closed, circuitBreaker.State);
        Assert.Empty(app.Logs);
        Assert.Equal(
            [$"Warning: The manual operation 'open' of {(user is null ? "an unnamed user" : "bob (cookie)")} at 127.0.0.1 on the circuit breaker '{circuitBreaker.Name}' was refused with status {(int)status}: {(user is null ? "Sign in first: operations require authorization." : "You are not authorized to control circuit breakers.")}"],
            app.Refusals);
    }

    [Fact]
    public async Task OperationOnAnonymousPageRequiresPolicy()
    {
        await using var app = await TestApp.StartAsync(operations: true, protect: static page => page.AllowAnonymous());
        var circuitBreaker = new CircuitBreaker(new() { Name = "on an anonymous page" });

        await AssertRefusedAsync(await PostAsync(app, null, await GetIdAsync(app, circuitBreaker.Name), "open"), HttpStatusCode.Unauthorized, "Sign in first");

        Assert.Equal(CircuitState.Closed, circuitBreaker.State);
    }

    /// <summary>Each operation starts from a state and mode that it changes.</summary>
    [Theory]
    [InlineData("open", CircuitState.Closed, CircuitMode.Auto, CircuitState.Open, CircuitMode.Auto)]
    [InlineData("half-open", CircuitState.Open, CircuitMode.Auto, CircuitState.HalfOpen, CircuitMode.Auto)]
    [InlineData("close", CircuitState.Open, CircuitMode.Auto, CircuitState.Closed, CircuitMode.Auto)]
    [InlineData("isolate", CircuitState.Closed, CircuitMode.Auto, CircuitState.Closed, CircuitMode.Isolated)]
    [InlineData("report-only", CircuitState.Open, CircuitMode.Auto, CircuitState.Open, CircuitMode.ReportOnly)]
    [InlineData("resume", CircuitState.Open, CircuitMode.Isolated, CircuitState.Closed, CircuitMode.Auto)]
    public async Task OperationOfAuthorizedUserIsPerformedAndLogged(string operation, CircuitState before, CircuitMode modeBefore, CircuitState state, CircuitMode mode)
    {
        await using var app = await TestApp.StartAsync(operations: true);
        var circuitBreaker = new CircuitBreaker(new() { Name = $"operated {operation}", ResetTimeout = TimeSpan.FromHours(1) });
        if (before == CircuitState.Open)
        {
            circuitBreaker.Open();
        }

        if (modeBefore == CircuitMode.Isolated)
        {
            circuitBreaker.SetMode(CircuitMode.Isolated);
        }

        Assert.Equal((before, modeBefore), (circuitBreaker.State, circuitBreaker.Mode));

        var answer = await PostAsync(app, TestApp.Operator, await GetIdAsync(app, circuitBreaker.Name), operation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((state, mode), (circuitBreaker.State, circuitBreaker.Mode));
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));
        Assert.Equal(circuitBreaker.Name, json.RootElement.GetProperty("name").GetString());
        Assert.Equal([$"Warning: ada (cookie) performed the manual operation '{operation}' on the circuit breaker '{circuitBreaker.Name}'."], app.Logs);
    }

    [Theory]
    [InlineData("999999", "open", HttpStatusCode.NotFound, "The circuit breaker 999999 does not exist; GET …/api lists all. Ids change when the app restarts.")]
    [InlineData("one", "open", HttpStatusCode.NotFound, "The circuit breaker one does not exist;")]
    [InlineData("1", "explode", HttpStatusCode.BadRequest, "The operation 'explode' does not exist; the operations are open, close, half-open, isolate, report-only, resume.")]
    public async Task UnknownIdOrOperationReturnsProblem(string id, string operation, HttpStatusCode status, string detail)
    {
        await using var app = await TestApp.StartAsync(operations: true);

        await AssertRefusedAsync(await PostAsync(app, TestApp.Operator, id, operation), status, detail);

        Assert.Contains($"'{operation}' of ada (cookie) at 127.0.0.1 on the circuit breaker '{id}' was refused with status {(int)status}: ", Assert.Single(app.Refusals), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/breakers/api/1/open", HttpStatusCode.MethodNotAllowed, "The method GET is not supported here; use POST.")]
    [InlineData("DELETE", "/breakers/api/1/open", HttpStatusCode.MethodNotAllowed, "The method DELETE is not supported here; use POST.")]
    [InlineData("POST", "/breakers/api", HttpStatusCode.MethodNotAllowed, "The method POST is not supported here; use GET.")]
    [InlineData("PUT", "/breakers", HttpStatusCode.MethodNotAllowed, "The method PUT is not supported here; use GET.")]
    [InlineData("POST", "/breakers/events", HttpStatusCode.MethodNotAllowed, "The method POST is not supported here; use GET.")]
    [InlineData("GET", "/breakers/api/1", HttpStatusCode.NotFound, "Nothing was found here;")]
    [InlineData("POST", "/breakers/api/1/open/now", HttpStatusCode.NotFound, "Nothing was found here;")]
    [InlineData("GET", "/breakers/%2e%2e%2fetc", HttpStatusCode.NotFound, "Nothing was found here;")]
    public async Task UnknownPathOrMethodReturnsProblem(string method, string path, HttpStatusCode status, string detail)
    {
        await using var app = await TestApp.StartAsync(operations: true);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        await AssertRefusedAsync(await app.Client(TestApp.Operator).SendAsync(request, Token), status, detail);
    }

    [Theory]
    [InlineData("X-Other", "page", "Operations require the header X-ThriftBreaker")]
    [InlineData("Sec-Fetch-Site", "cross-site", "The request comes from another site: Sec-Fetch-Site is 'cross-site'.")]
    [InlineData("Sec-Fetch-Site", "same-site", "The request comes from another site: Sec-Fetch-Site is 'same-site'.")]
    [InlineData("Origin", "https://evil.example", "The request comes from another site, or through a proxy that does not pass the Host on: Origin is 'https://evil.example', and Host is '127.0.0.1:")]
    [InlineData("Origin", "http://127.0.0.1:1", "The request comes from another site,")]
    [InlineData("Origin", "http://127.0.0.1", "The request comes from another site,")]
    [InlineData("Origin", "null", "The request comes from another site,")]
    public async Task OperationFromAnotherSiteIsRefused(string header, string value, string detail)
    {
        await using var app = await TestApp.StartAsync(operations: true);
        var circuitBreaker = new CircuitBreaker(new() { Name = $"kept from {header} {value}" });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/breakers/api/{await GetIdAsync(app, circuitBreaker.Name)}/open");
        if (header != "X-Other")
        {
            request.Headers.Add("X-ThriftBreaker", "page");
        }

        request.Headers.TryAddWithoutValidation(header, value);
        await AssertRefusedAsync(await app.Client(TestApp.Operator).SendAsync(request, Token), HttpStatusCode.Forbidden, detail);

        Assert.Equal(CircuitState.Closed, circuitBreaker.State);
        Assert.Contains(detail, Assert.Single(app.Refusals), StringComparison.Ordinal);
    }

    /// <summary>The request is that of a proxy that terminates TLS and calls the app by another host name.</summary>
    [Theory]
    [InlineData(false, HttpStatusCode.Forbidden)]
    [InlineData(true, HttpStatusCode.OK)]
    public async Task OperationBehindProxyRequiresForwardedHost(bool forwarded, HttpStatusCode status)
    {
        var trusting = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedHost | ForwardedHeaders.XForwardedProto };
        await using var app = await TestApp.StartAsync(operations: true, before: forwarded ? pipeline => pipeline.UseForwardedHeaders(trusting) : null);
        var circuitBreaker = new CircuitBreaker(new() { Name = $"behind a proxy, {forwarded}" });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/breakers/api/{await GetIdAsync(app, circuitBreaker.Name)}/open");
        request.Headers.Add("X-ThriftBreaker", "page");
        request.Headers.Add("Origin", "https://shop.example");
        request.Headers.Add("X-Forwarded-Host", "shop.example:443");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Host = "inner:8080";

        var answer = await app.Client(TestApp.Operator).SendAsync(request, Token);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(forwarded ? CircuitState.Open : CircuitState.Closed, circuitBreaker.State);
        if (!forwarded)
        {
            await AssertRefusedAsync(
                answer,
                status,
                "The request comes from another site, or through a proxy that does not pass the Host on: Origin is 'https://shop.example', and Host is 'inner:8080' over http. " +
                "Let the proxy send the Host of the original request, or X-Forwarded-Host, and X-Forwarded-Proto, with UseForwardedHeaders in the app.");
        }
    }

    /// <summary>
    /// A page over HTTP can come from an attacker on the network, so it must not control an app over HTTPS, and the
    /// other way round.
    /// </summary>
    [Theory]
    [InlineData("http", "http://shop.example", HttpStatusCode.OK)]
    [InlineData("http", "https://shop.example", HttpStatusCode.Forbidden)]
    [InlineData("https", "https://shop.example", HttpStatusCode.OK)]
    [InlineData("https", "http://shop.example", HttpStatusCode.Forbidden)]
    [InlineData("https", "https://shop.example:80", HttpStatusCode.Forbidden)]
    public async Task OperationFromAnotherSchemeIsRefused(string scheme, string origin, HttpStatusCode status)
    {
        await using var app = await TestApp.StartAsync(operations: true, before: pipeline => pipeline.Use((context, next) =>
        {
            context.Request.Scheme = scheme;
            return next(context);
        }));
        var circuitBreaker = new CircuitBreaker(new() { Name = $"over {scheme} from {origin}" });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/breakers/api/{await GetIdAsync(app, circuitBreaker.Name)}/open");
        request.Headers.Add("X-ThriftBreaker", "page");
        request.Headers.Add("Origin", origin);
        request.Headers.Host = "shop.example";

        using var answer = await app.Client(TestApp.Operator).SendAsync(request, Token);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status == HttpStatusCode.OK ? CircuitState.Open : CircuitState.Closed, circuitBreaker.State);
    }

    /// <summary>A browser without a free connection sends a request late.</summary>
    [Theory]
    [InlineData(10_000, HttpStatusCode.OK)]
    [InlineData(10_001, HttpStatusCode.PreconditionFailed)]
    [InlineData(180_000, HttpStatusCode.PreconditionFailed)]
    public async Task OperationAfterItsDeadlineIsRefused(int delay, HttpStatusCode status)
    {
        var clock = new WrongClock();
        await using var app = await TestApp.StartAsync(operations: true, services: services => services.AddSingleton<TimeProvider>(clock));
        var circuitBreaker = new CircuitBreaker(new() { Name = $"delayed by {delay} ms" });
        using var json = JsonDocument.Parse(await app.Client().GetStringAsync(Api, Token));
        var id = FindCircuitBreaker(json, circuitBreaker.Name).GetProperty("id").GetString()!;
        var deadline = json.RootElement.GetProperty("uptime").GetInt64() + 10_000;

        // The deadline is in the uptime of the app, so a correction of its clock does not matter.
        clock.Error = TimeSpan.FromDays(-1);
        clock.Advance(TimeSpan.FromMilliseconds(delay));
        var answer = await PostAsync(app, TestApp.Operator, id, "isolate", $"{deadline}");

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status == HttpStatusCode.OK ? CircuitMode.Isolated : CircuitMode.Auto, circuitBreaker.Mode);
        if (status != HttpStatusCode.OK)
        {
            await AssertRefusedAsync(answer, status, $"The operation arrived {(delay - 10_000) / 1000.0:0.0} s after its deadline, and nothing was changed. Look at the present state,");
            Assert.Contains("'isolate' of ada (cookie) at 127.0.0.1", Assert.Single(app.Refusals), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    public async Task MalformedDeadlineIsRefused(string deadline)
    {
        await using var app = await TestApp.StartAsync(operations: true);
        var circuitBreaker = new CircuitBreaker(new() { Name = $"with the deadline {deadline}" });

        await AssertRefusedAsync(
            await PostAsync(app, TestApp.Operator, await GetIdAsync(app, circuitBreaker.Name), "open", deadline),
            HttpStatusCode.BadRequest,
            "The header X-ThriftBreaker-Deadline must be a number of milliseconds of the app's uptime, as in 'uptime' of GET …/api.");
        Assert.Equal(CircuitState.Closed, circuitBreaker.State);
    }

    /// <summary>A line break in a name would make other log lines up.</summary>
    [Fact]
    public async Task NamesWithLineBreaksAreEscapedInTheLog()
    {
        await using var app = await TestApp.StartAsync(operations: true);
        var circuitBreaker = new CircuitBreaker(new() { Name = "a\r\ninfo: all is well\u0085\u2028\u202e\e[2J" });
        var id = await GetIdAsync(app, circuitBreaker.Name);

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(app, TestApp.Operator, id, "open")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(app, "eve%0D%0Aadmin", id, "open")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(app, TestApp.Operator, id, "x%0D%0Ay")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(app, TestApp.Operator, "1%0D%0A2", "open")).StatusCode);

        const string Escaped = @"a\u000D\u000Ainfo: all is well\u0085\u2028\u202E\u001B[2J";
        Assert.Equal([$"Warning: ada (cookie) performed the manual operation 'open' on the circuit breaker '{Escaped}'."], app.Logs);
        Assert.Equal(3, app.Refusals.Count());
        Assert.Contains(@"of eve\u000D\u000Aadmin (cookie) at", app.Refusals.First(), StringComparison.Ordinal);
        Assert.All(app.Refusals, static line => Assert.DoesNotContain(line, static letter => char.IsControl(letter)));
    }

    [Theory]
    [InlineData("/breakers", "text/html; charset=utf-8")]
    [InlineData("/breakers/api", "application/json")]
    [InlineData("/breakers/api/transitions", "application/json")]
    [InlineData("/breakers/events", "text/event-stream")]
    public async Task HeadReturnsTheHeadersOfGet(string path, string contentType)
    {
        await using var app = await TestApp.StartAsync(maxViewers: 1);
        using var request = new HttpRequestMessage(HttpMethod.Head, path);

        using var answer = await app.Client().SendAsync(request, Token);

        Assert.Equal((HttpStatusCode.OK, contentType), (answer.StatusCode, answer.Content.Headers.ContentType?.ToString()));
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Equal(path == "/breakers", answer.Headers.Contains("Content-Security-Policy"));

        // HEAD is no viewer.
        using var viewer = await app.Client().GetAsync(new Uri("/breakers/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal(HttpStatusCode.OK, viewer.StatusCode);
    }

    /// <summary>Without it, a browser can take JSON with a name such as "&lt;script&gt;" for a page.</summary>
    [Theory]
    [InlineData("GET", "/breakers", HttpStatusCode.OK)]
    [InlineData("GET", "/breakers/api", HttpStatusCode.OK)]
    [InlineData("GET", "/breakers/api/transitions", HttpStatusCode.OK)]
    [InlineData("GET", "/breakers/events", HttpStatusCode.OK)]
    [InlineData("GET", "/breakers/nothing", HttpStatusCode.NotFound)]
    [InlineData("PUT", "/breakers/api", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/breakers/api/1/open", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "/breakers/api/transitions?before=x", HttpStatusCode.BadRequest)]
    public async Task EveryResponseForbidsToGuessItsContentType(string method, string path, HttpStatusCode status)
    {
        await using var app = await TestApp.StartAsync(operations: true);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var answer = await app.Client().SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);

        Assert.Equal((status, "nosniff", "no-store"), (answer.StatusCode, Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")), answer.Headers.CacheControl?.ToString()));
    }

    /// <summary>Sec-Fetch-Site takes precedence over Host, because a proxy does not change it.</summary>
    [Fact]
    public async Task SameOriginFetchSiteMakesHostIrrelevant()
    {
        await using var app = await TestApp.StartAsync(operations: true);
        var circuitBreaker = new CircuitBreaker(new() { Name = "same origin" });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/breakers/api/{await GetIdAsync(app, circuitBreaker.Name)}/open");
        request.Headers.Add("X-ThriftBreaker", "page");
        request.Headers.Add("Origin", "https://shop.example");
        request.Headers.Add("Sec-Fetch-Site", "same-origin");

        using var answer = await app.Client(TestApp.Operator).SendAsync(request, Token);

        Assert.Equal((HttpStatusCode.OK, CircuitState.Open), (answer.StatusCode, circuitBreaker.State));
    }

    /// <summary>
    /// Two processes with the same code number their circuit breakers alike. A page from before a restart must not
    /// change another circuit breaker.
    /// </summary>
    [Fact]
    public async Task IdOfAnotherAppReturnsProblem()
    {
        await using var app = await TestApp.StartAsync(operations: true);
        await using var again = await TestApp.StartAsync(operations: true);
        var circuitBreaker = new CircuitBreaker(new() { Name = "of the previous process" });

        await AssertRefusedAsync(await PostAsync(again, TestApp.Operator, await GetIdAsync(app, circuitBreaker.Name), "open"), HttpStatusCode.NotFound, "The circuit breaker ");

        Assert.Equal(CircuitState.Closed, circuitBreaker.State);
    }

    [Theory]
    [InlineData(null, "MapThriftBreakers: Operations are on, so OperationsPolicy must name the authorization policy that operators meet.")]
    [InlineData("operatrs", "MapThriftBreakers: the authorization policy 'operatrs' does not exist; add it with AddAuthorization, or correct OperationsPolicy.")]
    public void OperationsWithoutExistingPolicyThrow(string? policy, string message)
        => Assert.Equal(message, Assert.Throws<InvalidOperationException>(() => TestApp.Build(options => (options.Operations, options.OperationsPolicy) = (true, policy))).Message);

    [Fact]
    public void OperationsWithoutAuthorizationServicesThrow()
    {
        var builder = WebApplication.CreateSlimBuilder();

        Assert.Equal(
            "MapThriftBreakers: the policy 'operators' cannot be looked up; call builder.Services.AddAuthorization(…).",
            Assert.Throws<InvalidOperationException>(() => builder.Build().MapThriftBreakers("/breakers", static options => (options.Operations, options.OperationsPolicy) = (true, "operators"))).Message);
    }

    [Fact]
    public async Task RequireAuthorizationProtectsPageApiAndEvents()
    {
        await using var app = await TestApp.StartAsync(protect: static page => page.RequireAuthorization());

        foreach (var path in new[] { "/breakers", "/breakers/api", "/breakers/events" })
        {
            using var anonymous = await app.Client().GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Token);
            using var user = await app.Client(TestApp.Reader).GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Token);
            Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (anonymous.StatusCode, user.StatusCode));
        }
    }

    [Fact]
    public async Task ContentSecurityPolicyAllowsOnlyScriptsOfThePage()
    {
        await using var app = await TestApp.StartAsync();

        using var answer = await app.Client().GetAsync(new Uri("/breakers", UriKind.Relative), Token);

        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'nonce-", policy, StringComparison.Ordinal);
        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        var html = await answer.Content.ReadAsStringAsync(Token);
        Assert.DoesNotContain("{nonce}", html, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AppStopsWithoutWaitingForViewers()
    {
        var app = await TestApp.StartAsync();
        using var events = await app.Client().GetStreamAsync(new Uri("/breakers/events", UriKind.Relative), Token);
        using var reader = new StreamReader(events);
        Assert.StartsWith("data: {", await reader.ReadLineAsync(Token), StringComparison.Ordinal);

        await app.App.StopAsync(Token).WaitAsync(TimeSpan.FromSeconds(4), Token);

        await app.App.DisposeAsync();
    }

    private static JsonElement FindCircuitBreaker(JsonDocument json, string name)
        => json.RootElement.GetProperty("circuitBreakers").EnumerateArray().Single(circuitBreaker => circuitBreaker.GetProperty("name").GetString() == name);

    private static async Task<string> GetIdAsync(TestApp app, string name)
    {
        using var json = JsonDocument.Parse(await app.Client().GetStringAsync(Api, Token));
        return FindCircuitBreaker(json, name).GetProperty("id").ToString();
    }

    private static Task<HttpResponseMessage> PostAsync(TestApp app, string? user, string id, string operation, string? deadline = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/breakers/api/{id}/{operation}");
        request.Headers.Add("X-ThriftBreaker", "page");
        if (deadline is not null)
        {
            request.Headers.Add("X-ThriftBreaker-Deadline", deadline);
        }

        return app.Client(user).SendAsync(request, Token);
    }

    private static async Task AssertRefusedAsync(HttpResponseMessage answer, HttpStatusCode status, string detail)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));
        Assert.StartsWith(detail, json.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    /// <summary>A clock whose time of day can be wrong.</summary>
    private sealed class WrongClock : FakeTimeProvider
    {
        public TimeSpan Error { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Error;

        public override long GetTimestamp() => base.GetUtcNow().Ticks;
    }
}
