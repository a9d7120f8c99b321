using Circuit.Shop;
using Microsoft.AspNetCore.Authentication;
using OpenTelemetry.Metrics;
using ThriftBreaker.Hosting;
using Web;

var builder = WebApplication.CreateBuilder(args);
await using var backends = new Backends();
builder.Services.AddSingleton(backends);

// In a real app, appsettings.json has the addresses: "Endpoints": ["10.0.0.1:9090", "10.0.0.2:9090"].
builder.Services.AddThriftClient<Catalog.CircuitBreakerClient>("127.0.0.1", backends.Catalog.Port);
builder.Services.AddThriftClient<Recommendations.CircuitBreakerClient>("127.0.0.1", backends.Recommendations.Port).WithFallback<Bestsellers>();

builder.Services.AddHealthChecks().AddThriftBreakers();
builder.Services.AddOpenTelemetry().WithMetrics(static metrics => metrics.AddThriftBreakerInstrumentation().AddPrometheusExporter());

builder.Services.AddAuthentication(LoopbackAuthentication.Name).AddScheme<AuthenticationSchemeOptions, LoopbackAuthentication>(LoopbackAuthentication.Name, configureOptions: null);
builder.Services.AddAuthorizationBuilder().AddPolicy("operators", static policy => policy.RequireAuthenticatedUser());
builder.Services.AddHostedService<Visitors>();

await using var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapFrontPage();
app.MapBackends().RequireAuthorization("operators");
app.MapHealthChecks("/health");
app.MapPrometheusScrapingEndpoint("/metrics");
app.MapThriftBreakers("/breakers", static options => (options.Operations, options.OperationsPolicy) = (true, "operators")).RequireAuthorization("operators");

await app.RunAsync();
