using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>A real app on loopback with the page. Who calls says who it is in a header, or in a cookie, as a browser does.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    public const string Policy = "operators";
    public const string Operator = "ada";
    public const string Reader = "bob";

    private TestApp(WebApplication app) => App = app;

    public WebApplication App { get; }

    public List<string> Log { get; } = [];

    public Uri Address => new(App.Urls.Single());

    public Uri Page => new(Address, "/breakers");

    /// <param name="operations">Whether circuits can be steered.</param>
    /// <param name="port">Where it listens; 0 for a free one.</param>
    /// <param name="protect">What is said of the page's endpoints.</param>
    /// <param name="services">What the app has beside.</param>
    /// <param name="before">What stands before everything else in the pipeline.</param>
    public static async Task<TestApp> StartAsync(
        bool operations = false, int port = 0, Action<IEndpointConventionBuilder>? protect = null, Action<IServiceCollection>? services = null, Action<IApplicationBuilder>? before = null)
    {
        var app = Build(options =>
        {
            options.Operations = operations;
            options.OperationsPolicy = operations ? Policy : null;
        }, port, protect, services, before, out var log);
        var test = new TestApp(app);
        log.Written = test.Log.Add;
        await app.StartAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken);
        return test;
    }

    public static WebApplication Build(Action<ThriftBreakersDashboardOptions> configure) => Build(configure, 0, protect: null, services: null, before: null, out _);

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

    private static WebApplication Build(
        Action<ThriftBreakersDashboardOptions> configure,
        int port,
        Action<IEndpointConventionBuilder>? protect,
        Action<IServiceCollection>? services,
        Action<IApplicationBuilder>? before,
        out LogSink log)
    {
        var sink = log = new LogSink();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(sink);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddAuthentication("cookie").AddScheme<AuthenticationSchemeOptions, CookieUser>("cookie", null);
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

    /// <summary>Believes the cookie: what is tested is what becomes of it.</summary>
    private sealed class CookieUser(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
            => Task.FromResult(Request.Cookies["user"] is { } user
                ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, user)], Scheme.Name)), Scheme.Name))
                : AuthenticateResult.NoResult());
    }

    private sealed class LogSink : ILoggerProvider, ILogger
    {
        public Action<string> Written { get; set; } = static _ => { };

        public ILogger CreateLogger(string categoryName) => this;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == 201)
            {
                Written($"{logLevel}: {formatter(state, exception)}");
            }
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public void Dispose()
        {
        }
    }
}
