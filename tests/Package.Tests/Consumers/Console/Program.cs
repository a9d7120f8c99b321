using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Circuit.Example;
using Consumers;
using ThriftBreaker;

var library = typeof(CircuitBreaker).Assembly;
var framework = (TargetFrameworkAttribute)library.GetCustomAttributes(typeof(TargetFrameworkAttribute), inherit: false)[0];
Console.WriteLine($"{library.GetName().Name} for {framework.FrameworkName}");

using (var server = new Server())
{
    await using var client = MyService.CircuitBreakerClient.Connect("127.0.0.1", server.Port);
    var response = await client.doSomething(new Request { Data = "Hello, world!" });
    Console.WriteLine($"answered {response.Success}, circuit {client.CircuitBreaker.State}");
}

// A port that is bound without a listener.
using (var unavailable = new Socket(SocketType.Stream, ProtocolType.Tcp))
{
    unavailable.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    await using var client = MyService.CircuitBreakerClient.Connect("127.0.0.1", ((IPEndPoint)unavailable.LocalEndPoint!).Port);
    for (var call = 1; call <= 4; call++)
    {
        try
        {
            await client.doSomething(new Request { Data = "Hello?" });
        }
        catch (CircuitOpenException)
        {
            Console.WriteLine($"rejected, circuit {client.CircuitBreaker.State}");
        }
        catch (Exception)
        {
            Console.WriteLine($"failed, circuit {client.CircuitBreaker.State}");
        }
    }
}
