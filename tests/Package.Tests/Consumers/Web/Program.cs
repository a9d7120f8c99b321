using Circuit.Example;
using Consumers;
using Library;
using ThriftBreaker;

using var server = new Server();
var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddSingleton(_ => GreeterCircuitBreakerClient.Connect("127.0.0.1", server.Port));
builder.Services.AddSingleton(_ => MyServiceCircuitBreakerClient.Connect("127.0.0.1", server.Port));

await using var app = builder.Build();
app.MapGet("/greeter", (GreeterCircuitBreakerClient client, CancellationToken cancellationToken) => AskAsync(client, client.CircuitBreaker, cancellationToken));
app.MapGet("/my-service", (MyServiceCircuitBreakerClient client, CancellationToken cancellationToken) => AskAsync(client, client.CircuitBreaker, cancellationToken));

await app.StartAsync();
Console.WriteLine($"listening {app.Urls.Single()}");

// Runs until the test closes the input.
await Console.In.ReadToEndAsync();
await app.StopAsync();

static async Task<string> AskAsync(MyService.IAsync client, CircuitBreaker breaker, CancellationToken cancellationToken)
{
    var response = await client.doSomething(new Request { Data = "Hello, world!" }, cancellationToken);
    return $"answered {response.Success}, circuit {breaker.State}";
}
