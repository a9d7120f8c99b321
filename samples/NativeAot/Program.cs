using System.Globalization;
using Circuit.Example;
using ThriftBreaker;

// Published as native code. NativeAot HOST PORT makes one call for each input line.
if (args is not [var host, var number] || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
{
    await Console.Error.WriteLineAsync("Usage: NativeAot HOST PORT");
    return 1;
}

await using var client = MyService.CircuitBreakerClient.Connect(host, port);

while (Console.ReadLine() is { } line)
{
    try
    {
        var response = await client.doSomething(new Request { Data = line });
        Console.WriteLine($"answered: {response.Success}");
    }
    catch (CircuitOpenException rejection)
    {
        Console.WriteLine($"not sent: {rejection.Message}");
    }
    catch (Exception failure) when (failure is not OperationCanceledException)
    {
        Console.WriteLine($"failed: {failure.Message}");
    }
}

return 0;
