using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>Runs an app with the page on loopback. A cookie holds the name of the user.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    public const string Policy = "operators";
    public const string Operator = "ada";
    public const string Reader = "bob";

    private TestApp(WebApplication app) => App = app;

    public WebApplication App { get; }

    /// <summary>Gets the messages about performed operations.</summary>
    public IEnumerable<string> Logs => GetLogs(201);

    /// <summary>Gets the messages about refused operations.</summary>
    public IEnumerable<string> Refusals => GetLogs(202);

    public Uri Address => new(App.Urls.Single());

    public Uri Page => new(Address, "/breakers");

    /// <param name="operations">Whether operations are enabled.</param>
    /// <param name="port">The port to listen on; 0 for a free one.</param>
    /// <param name="protect">Configures the endpoints of the page.</param>
    /// <param name="services">Adds services to the app.</param>
    /// <param name="before">Adds middleware before all other.</param>
    /// <param name="maxViewers">The most viewers of the page.</param>
    /// <param name="map">Adds endpoints beside the page.</param>
    public static async Task<TestApp> StartAsync(
        bool operations = false,
        int port = 0,
        Action<IEndpointConventionBuilder>? protect = null,
        Action<IServiceCollection>? services = null,
        Action<IApplicationBuilder>? before = null,
        int maxViewers = 100,
        Action<IEndpointRouteBuilder>? map = null)
    {
        var app = Build(options =>
        {
            options.MaxViewers = maxViewers;
            options.Operations = operations;
            options.OperationsPolicy = operations ? Policy : null;
        }, port, protect, services, before);
        map?.Invoke(app);
        await app.StartAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken);
        return new TestApp(app);
    }

    public static WebApplication Build(Action<ThriftBreakersDashboardOptions> configure) => Build(configure, 0, protect: null, services: null, before: null);

    public HttpClient Client(string? user = null)
    {
        var client = new HttpClient { BaseAddress = Address, Timeout = Deadline.Short };
        if (user is not null)
        {
            client.DefaultRequestHeaders.Add("Cookie", $"user={user}");
        }

        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken);
        await App.DisposeAsync();
    }

    private IEnumerable<string> GetLogs(int id)
        => App.Services.GetFakeLogCollector().GetSnapshot().Where(record => record.Id.Id == id).Select(static record => $"{record.Level}: {record.Message}");

    private static WebApplication Build(
        Action<ThriftBreakersDashboardOptions> configure,
        int port,
        Action<IEndpointConventionBuilder>? protect,
        Action<IServiceCollection>? services,
        Action<IApplicationBuilder>? before)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddFakeLogging();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddAuthentication("cookie").AddScheme<AuthenticationSchemeOptions, CookieHandler>("cookie", null);
        builder.Services.AddAuthorization(static options => options.AddPolicy(Policy, static policy => policy.RequireUserName(Operator)));
        services?.Invoke(builder.Services);
        var app = builder.Build();
        before?.Invoke(app);
        app.UseAuthentication();
        app.UseAuthorization();
        var page = app.MapThriftBreakers("/breakers", configure);
        protect?.Invoke(page);
        return app;
    }

    /// <summary>Authenticates the user that the cookie names.</summary>
    private sealed class CookieHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
            => Task.FromResult(Request.Cookies["user"] is { } user
                ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, user)], Scheme.Name)), Scheme.Name))
                : AuthenticateResult.NoResult());
    }
}
