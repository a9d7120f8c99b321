using Circuit.Example;
using Consumers;
using Polly;
using ThriftBreaker.Hosting;
using ThriftBreaker.Resilience;

using var server = new Server();
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Configuration["Services:my-service:default:0"] = $"127.0.0.1:{server.Port}";
builder.Configuration["ThriftBreaker:MyService:FailMax"] = "7";
builder.Services.Configure<ThriftClientOptions>("MyService", static options => options.EndpointCircuitBreaker.FailMax = 6);
builder.Services.AddServiceDiscovery();
builder.Services.AddHealthChecks().AddThriftBreakers();
builder.Services.AddThriftClient<MyService.CircuitBreakerClient>()
    .UseServiceDiscovery("my-service")
    .UseResiliencePipeline(static pipeline => pipeline.AddRetry(new ThriftRetryStrategyOptions()));

await using var app = builder.Build();
app.MapThriftBreakers("/breakers");
app.MapHealthChecks("/health");
app.MapGet("/", (RequestDelegate)(static async context =>
{
    var service = context.RequestServices.GetRequiredService<MyService.IAsync>();
    var response = await service.doSomething(new Request { Data = "Hello, world!" }, context.RequestAborted);
    await context.Response.WriteAsync($"answered {response.Success}");
}));

await app.StartAsync();
Console.WriteLine($"listening {app.Urls.Single()}");

// Runs until the test closes the input.
await Console.In.ReadToEndAsync();
await app.StopAsync();
