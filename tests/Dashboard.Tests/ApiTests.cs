using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Hosting;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>The JSON beside the page, and who may steer.</summary>
public sealed class ApiTests
{
    private static readonly Uri Api = new("/breakers/api", UriKind.Relative);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ItTellsEveryCircuitAndWhatHappenedToIt()
    {
        await using var app = await TestApp.StartAsync();
        var circuit = new CircuitBreaker(new() { Name = "api", FailMax = 1, ResetTimeout = TimeSpan.FromHours(1) });
        Assert.True(circuit.TryEnter(out var ticket));
        ticket.Complete(CallOutcome.Failure, new TimeoutException("what the service said is its secret"));

        var answer = await app.Client().GetStringAsync(Api, Token);

        using var json = JsonDocument.Parse(answer);
        var view = Circuit(json, "api");
        Assert.Equal(("open", "auto", 1, 1), (view.GetProperty("state").GetString(), view.GetProperty("mode").GetString(), view.GetProperty("failures").GetInt32(), view.GetProperty("failMax").GetInt32()));
        Assert.Equal("TimeoutException", view.GetProperty("lastFailure").GetString());
        var left = view.GetProperty("dueAt").GetInt64() - json.RootElement.GetProperty("now").GetInt64();
        Assert.InRange(left, 1, 3_600_000);
        var transition = json.RootElement.GetProperty("transitions").EnumerateArray().Single(static each => each.GetProperty("name").GetString() == "api");
        Assert.Equal(
            ("closed", "open", "too many failures in a row", "TimeoutException"),
            (transition.GetProperty("from").GetString(), transition.GetProperty("to").GetString(), transition.GetProperty("reason").GetString(), transition.GetProperty("failure").GetString()));
        Assert.DoesNotContain("secret", answer, StringComparison.Ordinal);
        GC.KeepAlive(circuit);
    }

    [Fact]
    public async Task OperationsAreOffUnlessTheyAreTurnedOn()
    {
        await using var app = await TestApp.StartAsync();

        await RefusesAsync(await PostAsync(app, TestApp.Operator, "1", "open"), HttpStatusCode.Forbidden, "Operations are off");
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData(TestApp.Reader, HttpStatusCode.Forbidden)]
    public async Task WhoDoesNotMeetThePolicySteersNothing(string? user, HttpStatusCode status)
    {
        await using var app = await TestApp.StartAsync(operations: true);
        var circuit = new CircuitBreaker(new() { Name = $"kept from {user}" });

        await RefusesAsync(await PostAsync(app, user, await IdAsync(app, circuit.Name), "open"), status, user is null ? "Sign in first" : "You are not among those");

        Assert.Equal(CircuitState.Closed, circuit.State);
        Assert.Empty(app.Log);
    }

    /// <summary>A page that everybody may see is not one that everybody may steer by.</summary>
    [Fact]
    public async Task APageThatIsOpenToEverybodyStillKeepsItsOperations()
    {
        await using var app = await TestApp.StartAsync(operations: true, protect: static page => page.AllowAnonymous());
        var circuit = new CircuitBreaker(new() { Name = "seen by everybody" });

        await RefusesAsync(await PostAsync(app, null, await IdAsync(app, circuit.Name), "open"), HttpStatusCode.Unauthorized, "Sign in first");

        Assert.Equal(CircuitState.Closed, circuit.State);
    }

    /// <summary>From where each operation changes something.</summary>
    [Theory]
    [InlineData("open", CircuitState.Closed, CircuitMode.Auto, CircuitState.Open, CircuitMode.Auto)]
    [InlineData("half-open", CircuitState.Open, CircuitMode.Auto, CircuitState.HalfOpen, CircuitMode.Auto)]
    [InlineData("close", CircuitState.Open, CircuitMode.Auto, CircuitState.Closed, CircuitMode.Auto)]
    [InlineData("isolate", CircuitState.Closed, CircuitMode.Auto, CircuitState.Closed, CircuitMode.Isolated)]
    [InlineData("shadow", CircuitState.Open, CircuitMode.Auto, CircuitState.Open, CircuitMode.ReportOnly)]
    [InlineData("resume", CircuitState.Open, CircuitMode.Isolated, CircuitState.Closed, CircuitMode.Auto)]
    public async Task WhoMeetsItSteersAndIsNamedInTheLog(string operation, CircuitState before, CircuitMode modeBefore, CircuitState state, CircuitMode mode)
    {
        await using var app = await TestApp.StartAsync(operations: true);
        var circuit = new CircuitBreaker(new() { Name = $"steered {operation}", ResetTimeout = TimeSpan.FromHours(1) });
        if (before == CircuitState.Open)
        {
            circuit.Open();
        }

        if (modeBefore == CircuitMode.Isolated)
        {
            circuit.SetMode(CircuitMode.Isolated);
        }

        Assert.Equal((before, modeBefore), (circuit.State, circuit.Mode));

        var answer = await PostAsync(app, TestApp.Operator, await IdAsync(app, circuit.Name), operation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((state, mode), (circuit.State, circuit.Mode));
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));
        Assert.Equal(circuit.Name, json.RootElement.GetProperty("name").GetString());
        Assert.Equal([$"Warning: ada (cookie) has steered the circuit '{circuit.Name}' by hand: {operation}."], app.Log);
    }

    [Theory]
    [InlineData("999999", "open", HttpStatusCode.NotFound, "There is no circuit 999999")]
    [InlineData("one", "open", HttpStatusCode.NotFound, "There is no circuit one")]
    [InlineData("1", "explode", HttpStatusCode.BadRequest, "There is no operation 'explode'; there are open, close, half-open, isolate, shadow, resume.")]
    public async Task WhatCannotBeDoneIsAProblem(string id, string operation, HttpStatusCode status, string detail)
    {
        await using var app = await TestApp.StartAsync(operations: true);

        await RefusesAsync(await PostAsync(app, TestApp.Operator, id, operation), status, detail);
    }

    [Theory]
    [InlineData("GET", "/breakers/api/1/open", HttpStatusCode.MethodNotAllowed, "Only POST is answered here, not GET.")]
    [InlineData("DELETE", "/breakers/api/1/open", HttpStatusCode.MethodNotAllowed, "Only POST is answered here, not DELETE.")]
    [InlineData("POST", "/breakers/api", HttpStatusCode.MethodNotAllowed, "Only GET is answered here, not POST.")]
    [InlineData("PUT", "/breakers", HttpStatusCode.MethodNotAllowed, "Only GET is answered here, not PUT.")]
    [InlineData("POST", "/breakers/events", HttpStatusCode.MethodNotAllowed, "Only GET is answered here, not POST.")]
    [InlineData("GET", "/breakers/api/1", HttpStatusCode.NotFound, "There is nothing here;")]
    [InlineData("POST", "/breakers/api/1/open/now", HttpStatusCode.NotFound, "There is nothing here;")]
    [InlineData("GET", "/breakers/%2e%2e%2fetc", HttpStatusCode.NotFound, "There is nothing here;")]
    public async Task SoIsWhatIsAskedForInAnotherWay(string method, string path, HttpStatusCode status, string detail)
    {
        await using var app = await TestApp.StartAsync(operations: true);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        await RefusesAsync(await app.Client(TestApp.Operator).SendAsync(request, Token), status, detail);
    }

    [Theory]
    [InlineData("X-Other", "page", "Operations want the header X-ThriftBreaker")]
    [InlineData("Sec-Fetch-Site", "cross-site", "The request comes from another site: Sec-Fetch-Site is 'cross-site'.")]
    [InlineData("Sec-Fetch-Site", "same-site", "The request comes from another site: Sec-Fetch-Site is 'same-site'.")]
    [InlineData("Origin", "https://evil.example", "The request comes from another site, or through a proxy that does not pass the Host on: Origin is 'https://evil.example', and Host is '127.0.0.1:")]
    [InlineData("Origin", "http://127.0.0.1:1", "The request comes from another site,")]
    [InlineData("Origin", "http://127.0.0.1", "The request comes from another site,")]
    [InlineData("Origin", "null", "The request comes from another site,")]
    public async Task AnotherSiteSteersNothing(string header, string value, string detail)
    {
        await using var app = await TestApp.StartAsync(operations: true);
        var circuit = new CircuitBreaker(new() { Name = $"kept from {header} {value}" });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/breakers/api/{await IdAsync(app, circuit.Name)}/open");
        if (header != "X-Other")
        {
            request.Headers.Add("X-ThriftBreaker", "page");
        }

        request.Headers.TryAddWithoutValidation(header, value);
        await RefusesAsync(await app.Client(TestApp.Operator).SendAsync(request, Token), HttpStatusCode.Forbidden, detail);

        Assert.Equal(CircuitState.Closed, circuit.State);
    }

    /// <summary>As a proxy sends it that ends TLS and calls the app by a name of its own.</summary>
    [Theory]
    [InlineData(false, HttpStatusCode.Forbidden)]
    [InlineData(true, HttpStatusCode.OK)]
    public async Task BehindAProxyTheAppIsToldWhatItsHostIs(bool forwarded, HttpStatusCode status)
    {
        var trusting = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedHost | ForwardedHeaders.XForwardedProto };
        await using var app = await TestApp.StartAsync(operations: true, before: forwarded ? pipeline => pipeline.UseForwardedHeaders(trusting) : null);
        var circuit = new CircuitBreaker(new() { Name = $"behind a proxy, {forwarded}" });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/breakers/api/{await IdAsync(app, circuit.Name)}/open");
        request.Headers.Add("X-ThriftBreaker", "page");
        request.Headers.Add("Origin", "https://shop.example");
        request.Headers.Add("X-Forwarded-Host", "shop.example:443");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Host = "inner:8080";

        var answer = await app.Client(TestApp.Operator).SendAsync(request, Token);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(forwarded ? CircuitState.Open : CircuitState.Closed, circuit.State);
        if (!forwarded)
        {
            await RefusesAsync(
                answer,
                status,
                "The request comes from another site, or through a proxy that does not pass the Host on: Origin is 'https://shop.example', and Host is 'inner:8080'. " +
                "Let the proxy send the Host that it was asked for, or X-Forwarded-Host with UseForwardedHeaders in the app.");
        }
    }

    /// <summary>A browser that says where a request comes from is asked nothing else: a proxy cannot change that.</summary>
    [Fact]
    public async Task ABrowserThatSaysItIsThePageNeedsNoHost()
    {
        await using var app = await TestApp.StartAsync(operations: true);
        var circuit = new CircuitBreaker(new() { Name = "vouched for" });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/breakers/api/{await IdAsync(app, circuit.Name)}/open");
        request.Headers.Add("X-ThriftBreaker", "page");
        request.Headers.Add("Origin", "https://shop.example");
        request.Headers.Add("Sec-Fetch-Site", "same-origin");

        using var answer = await app.Client(TestApp.Operator).SendAsync(request, Token);

        Assert.Equal((HttpStatusCode.OK, CircuitState.Open), (answer.StatusCode, circuit.State));
    }

    /// <summary>Two that run the same code number their circuits alike: a page that has not yet noticed a restart must not steer another circuit.</summary>
    [Fact]
    public async Task NoTwoAppsCallACircuitTheSame()
    {
        await using var app = await TestApp.StartAsync(operations: true);
        await using var again = await TestApp.StartAsync(operations: true);
        var circuit = new CircuitBreaker(new() { Name = "of the process before" });

        await RefusesAsync(await PostAsync(again, TestApp.Operator, await IdAsync(app, circuit.Name), "open"), HttpStatusCode.NotFound, "There is no circuit ");

        Assert.Equal(CircuitState.Closed, circuit.State);
    }

    [Theory]
    [InlineData(null, "MapThriftBreakers: Operations are on, so an OperationsPolicy must say who may steer circuits.")]
    [InlineData("operatrs", "MapThriftBreakers: there is no authorization policy 'operatrs'; add it with AddAuthorization, or correct OperationsPolicy.")]
    public void OperationsWantAPolicyThatThereIs(string? policy, string message)
        => Assert.Equal(message, Assert.Throws<InvalidOperationException>(() => TestApp.Build(options => (options.Operations, options.OperationsPolicy) = (true, policy))).Message);

    [Fact]
    public void OperationsWantAuthorization()
    {
        var builder = WebApplication.CreateSlimBuilder();

        Assert.Equal(
            "MapThriftBreakers: the policy 'operators' cannot be looked up; call builder.Services.AddAuthorization(…).",
            Assert.Throws<InvalidOperationException>(() => builder.Build().MapThriftBreakers("/breakers", static options => (options.Operations, options.OperationsPolicy) = (true, "operators"))).Message);
    }

    [Fact]
    public async Task WhoMayNotSeeThePageSeesNothingBelowIt()
    {
        await using var app = await TestApp.StartAsync(protect: static page => page.RequireAuthorization());

        foreach (var path in new[] { "/breakers", "/breakers/api", "/breakers/events" })
        {
            using var stranger = await app.Client().GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Token);
            using var user = await app.Client(TestApp.Reader).GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Token);
            Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (stranger.StatusCode, user.StatusCode));
        }
    }

    [Fact]
    public async Task ThePageRunsNothingButItsOwn()
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
    public async Task AnAppThatEndsWaitsForNoViewer()
    {
        var app = await TestApp.StartAsync();
        using var events = await app.Client().GetStreamAsync(new Uri("/breakers/events", UriKind.Relative), Token);
        using var reader = new StreamReader(events);
        Assert.StartsWith("data: {", await reader.ReadLineAsync(Token), StringComparison.Ordinal);

        await app.App.StopAsync(Token).WaitAsync(TimeSpan.FromSeconds(4), Token);

        await app.App.DisposeAsync();
    }

    private static JsonElement Circuit(JsonDocument json, string name)
        => json.RootElement.GetProperty("circuits").EnumerateArray().Single(circuit => circuit.GetProperty("name").GetString() == name);

    private static async Task<string> IdAsync(TestApp app, string name)
    {
        using var json = JsonDocument.Parse(await app.Client().GetStringAsync(Api, Token));
        return Circuit(json, name).GetProperty("id").ToString();
    }

    private static Task<HttpResponseMessage> PostAsync(TestApp app, string? user, string id, string operation)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/breakers/api/{id}/{operation}");
        request.Headers.Add("X-ThriftBreaker", "page");
        return app.Client(user).SendAsync(request, Token);
    }

    private static async Task RefusesAsync(HttpResponseMessage answer, HttpStatusCode status, string detail)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));
        Assert.StartsWith(detail, json.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
