using Circuit.Example;
using Thrift.Protocol;
using ThriftBreaker;

[assembly: CircuitBreaker(typeof(MyService))]

namespace Careless;

/// <summary>Bypasses the circuit breaker, guards a client twice, and lets two calls share a connection.</summary>
public static class Callers
{
    /// <summary>TB0014.</summary>
    public static Task Unguarded(TProtocol protocol) => new MyService.Client(protocol).doSomething(new Request());

    /// <summary>TB0015.</summary>
    public static MyService.IAsync Twice(MyServiceCircuitBreakerClient client) => new MyServiceCircuitBreakerClient(client);

    /// <summary>TB0016, in a params list that newer compilers pass as a span.</summary>
    public static Task Shared(MyService.Client client) => Task.WhenAll(client.doSomething(new Request()), client.doSomething(new Request()));

    /// <summary>No warning.</summary>
    public static MyService.IAsync Careful(TProtocol protocol) => new MyServiceCircuitBreakerClient(new MyService.Client(protocol));
}
