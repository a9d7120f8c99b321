using Circuit.Example;
using Consumers;
using Library;

using var server = new Server();
var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddSingleton(_ => GreeterCircuitBreakerClient.Connect("127.0.0.1", server.Port));

await using var app = builder.Build();
app.MapGet("/", async (GreeterCircuitBreakerClient client, CancellationToken cancellationToken) =>
{
    var response = await client.doSomething(new Request { Data = "Hello, world!" }, cancellationToken);
    return $"answered {response.Success}, circuit {client.Breaker.State}";
});

await app.StartAsync();
Console.WriteLine($"listening {app.Urls.Single()}");

// Until whoever started it has gone.
await Console.In.ReadToEndAsync();
await app.StopAsync();
