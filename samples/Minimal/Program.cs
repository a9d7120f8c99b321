using Circuit.Example;
using Thrift;
using ThriftBreaker;

await using var client = MyService.CircuitBreakerClient.Connect("localhost", 9090);

for (var attempt = 1; attempt <= 5; attempt++)
{
    try
    {
        var response = await client.doSomething(new Request { Data = "Hello, world!" });
        Console.WriteLine($"{attempt}: the server says {response.Success}");
    }
    catch (CircuitOpenException rejection)
    {
        Console.WriteLine($"{attempt}: not sent; try again in {rejection.RetryAfter}");
    }
    catch (Exception failure) when (failure is TException or IOException or System.Net.Sockets.SocketException or TimeoutException)
    {
        Console.WriteLine($"{attempt}: failed: {failure.Message}");
    }
}
