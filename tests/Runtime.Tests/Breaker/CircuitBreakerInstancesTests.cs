using ThriftBreaker.Runtime.Tests.Diagnostics;

namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>All circuit breakers of the process.</summary>
[Collection(nameof(Listening))]
public sealed class CircuitBreakerInstancesTests
{
    [Fact]
    public void Created_OneHandlerThrows_OthersAreCalled()
    {
        var name = $"circuit {Guid.NewGuid()}";
        var broken = new NotSupportedException("a broken handler");
        var reported = new List<Exception>();
        var heard = new List<CircuitBreaker>();
        EventHandler<CircuitBreaker>[] handlers =
        [
            HandleOnly(name, circuit => circuit.CallbackFailed += (_, thrown) => reported.Add(thrown.Exception)),
            HandleOnly(name, _ => throw broken),
            HandleOnly(name, heard.Add),
        ];
        try
        {
            Array.ForEach(handlers, static handler => CircuitBreakerInstances.Created += handler);

            var breaker = new CircuitBreaker(new() { Name = name });

            Assert.Same(breaker, Assert.Single(heard));
            Assert.Same(broken, Assert.Single(reported));
            Assert.Contains(breaker, CircuitBreakerInstances.All);
        }
        finally
        {
            Array.ForEach(handlers, static handler => CircuitBreakerInstances.Created -= handler);
        }
    }

    /// <summary>Creates a handler that ignores the circuit breakers of other tests.</summary>
    private static EventHandler<CircuitBreaker> HandleOnly(string name, Action<CircuitBreaker> handle) => (_, circuit) =>
    {
        if (circuit.Name == name)
        {
            handle(circuit);
        }
    };
}
