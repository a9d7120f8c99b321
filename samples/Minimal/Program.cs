using Circuit.Example;
using ThriftBreaker;

await using var client = MyService.CircuitBreakerClient.Connect("localhost", 9090);

for (var call = 1; call <= 5; call++)
{
    try
    {
        var response = await client.doSomething(new Request { Data = "Hello, world!" });
        Console.WriteLine($"{call}: the server answered: success = {response.Success}");
    }
    catch (CircuitOpenException rejection)
    {
        Console.WriteLine($"{call}: not sent; the next try is admitted in {rejection.RetryAfter}");
    }
    catch (Exception failure) when (failure is not OperationCanceledException)
    {
        Console.WriteLine($"{call}: {failure.Message}");
    }
}
